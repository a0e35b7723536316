package dev.feedbackwebhooks.domain.testing;

import dev.feedbackwebhooks.domain.node.JobLeases;

/** JobLeases in memory keep the contract that those of a database keep. */
class InMemoryJobLeasesTest extends JobLeasesContract {
  private final SettableClock clock = new SettableClock(Samples.NOW);
  private final InMemoryJobLeases duties = new InMemoryJobLeases(clock);
  private final JobLeases one = duties.process();
  private final JobLeases other = duties.process();

  @Override
  protected JobLeases one() {
    return one;
  }

  @Override
  protected JobLeases other() {
    return other;
  }

  @Override
  protected void timePasses() {
    clock.advance(JobLeases.HELD);
  }
}
