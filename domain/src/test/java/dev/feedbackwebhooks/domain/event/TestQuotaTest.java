package dev.feedbackwebhooks.domain.event;

import static dev.feedbackwebhooks.domain.testing.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.fault.Fault;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TestQuotaTest {
  private static final Scope ONE = new Scope("org", "one");

  private final TestQuota quota = new TestQuota();

  @Test
  void tenInAMinuteAndTheNextWhenTheFirstIsAMinuteOld() {
    for (int i = 0; i < TestQuota.MOST; i++) {
      quota.take(ONE, NOW.plusSeconds(i));
    }
    quota.take(new Scope("org", "two"), NOW.plusSeconds(20));
    assertThatExceptionOfType(Fault.Unavailable.class)
        .isThrownBy(() -> quota.take(ONE, NOW.plusSeconds(20)))
        .satisfies(refusal -> assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(40)));
    quota.take(ONE, NOW.plusSeconds(60));
    assertThatExceptionOfType(Fault.Unavailable.class)
        .isThrownBy(() -> quota.take(ONE, NOW.plusSeconds(60)));
  }
}
