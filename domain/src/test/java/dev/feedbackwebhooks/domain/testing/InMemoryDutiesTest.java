package dev.feedbackwebhooks.domain.testing;

import dev.feedbackwebhooks.domain.node.Duties;

/** Duties in memory keep the contract that those of a database keep. */
class InMemoryDutiesTest extends DutiesContract {
  private final SettableClock clock = new SettableClock(Samples.NOW);
  private final InMemoryDuties duties = new InMemoryDuties(clock);
  private final Duties one = duties.process();
  private final Duties other = duties.process();

  @Override
  protected Duties one() {
    return one;
  }

  @Override
  protected Duties other() {
    return other;
  }

  @Override
  protected void timePasses() {
    clock.advance(Duties.HELD);
  }
}
