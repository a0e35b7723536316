package dev.feedbackwebhooks.domain.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.testing.InMemoryJobLeases;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.domain.testing.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobLeaseTest {
  private final SettableClock clock = new SettableClock(Samples.NOW);
  private final InMemoryJobLeases duties = new InMemoryJobLeases(clock);
  private final List<Throwable> failures = new ArrayList<>();
  private final JobLease one = new JobLease(duties.process(), "a", failures::add);
  private final JobLease other = new JobLease(duties.process(), "a", failures::add);

  private boolean ours(JobLease duty) {
    return duty.isOurs(clock.instant());
  }

  @Test
  void whoAsksFirstKeepsItForAsLongAsHeAsks() {
    for (int i = 0; i < 100; i++) {
      assertThat(ours(one)).isTrue();
      assertThat(ours(other)).isFalse();
      clock.advance(Duration.ofMillis(500));
    }
  }

  @Test
  void whoDiesIsFollowedWithinTenSeconds() {
    assertThat(ours(one)).isTrue();
    int halfSeconds = 0;
    while (!ours(other)) {
      clock.advance(Duration.ofMillis(500));
      halfSeconds++;
    }
    assertThat(halfSeconds).isBetween(16, 20);
  }

  @Test
  void whoStoodStillForTooLongKnowsThatItIsNotHisAnyMore() {
    assertThat(ours(one)).isTrue();
    clock.advance(JobLeases.HELD);
    assertThat(ours(other)).isTrue();
    assertThat(ours(one)).isFalse();
  }

  @Test
  void whatIsLeftIsTakenWithTheNextQuestionAndNotAskedForAgain() {
    assertThat(ours(one)).isTrue();
    assertThat(ours(other)).isFalse();
    one.leave();
    clock.advance(JobLease.ASKS);
    assertThat(ours(one)).isFalse();
    assertThat(ours(other)).isTrue();
  }

  @Test
  void aShortOutageLosesNothingAndALongOneTheDuty() {
    assertThat(ours(one)).isTrue();
    duties.fail(new IllegalStateException("no store"));
    clock.advance(JobLeases.HELD.minusMillis(1));
    assertThat(ours(one)).isTrue();
    clock.advance(Duration.ofMillis(1));
    assertThat(ours(one)).isFalse();
    assertThat(failures).hasSize(1);
    duties.fail(null);
    clock.advance(JobLease.ASKS);
    assertThat(ours(one)).isTrue();
  }

  @Test
  void aClockThatIsSetBackProvesNothingUntilItIsAskedAgain() {
    assertThat(ours(one)).isTrue();
    duties.fail(new IllegalStateException("no store"));
    clock.advance(Duration.ofHours(-1));
    assertThat(ours(one)).isFalse();
    duties.fail(null);
    clock.advance(JobLease.ASKS);
    assertThat(ours(one)).isTrue();
  }
}
