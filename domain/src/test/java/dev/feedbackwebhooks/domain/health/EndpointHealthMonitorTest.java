package dev.feedbackwebhooks.domain.health;

import static dev.feedbackwebhooks.domain.testing.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.engine.EngineHarness;
import dev.feedbackwebhooks.domain.testing.InMemoryHealth;
import dev.feedbackwebhooks.domain.testing.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class EndpointHealthMonitorTest {
  private static final WebhookConfig CONFIG = Samples.config();
  private static final AttemptResult FAILED =
      new AttemptResult.Retryable(AttemptFailure.TIMEOUT, 0, null, "late");
  private static final AttemptResult OURS =
      new AttemptResult.Retryable(AttemptFailure.INTERNAL, 0, null, "bug");

  private final EngineHarness heard = new EngineHarness();
  private final InMemoryHealth store = new InMemoryHealth();
  private final EndpointHealthMonitor watch = watch();

  private EndpointHealthMonitor watch() {
    return new EndpointHealthMonitor(store, EngineHarness.HEALTH, heard);
  }

  private static Instant at(double days) {
    return NOW.plusMillis((long) (days * Duration.ofDays(1).toMillis()));
  }

  private static boolean givesUp(EndpointHealthMonitor watch, AttemptResult result, Instant now) {
    AtomicBoolean givesUp = new AtomicBoolean();
    watch.attempted(CONFIG, result, now, () -> givesUp.set(true));
    return givesUp.get();
  }

  private boolean fails(double day) {
    return givesUp(watch, FAILED, at(day));
  }

  @Test
  void whatFailsForFiveDaysAndHoursApartIsGivenUp() {
    for (double day = 0; day < 5; day += 0.25) {
      assertThat(fails(day)).as("day %s", day).isFalse();
    }
    assertThat(fails(5)).isTrue();
  }

  @Test
  void whatFailedForAnEveningAndWasSentNothingForDaysIsNot() {
    for (double day = 0; day < 0.4; day += 0.1) {
      assertThat(fails(day)).isFalse();
    }
    assertThat(fails(6)).isFalse();
    assertThat(fails(6.51)).isFalse();
    assertThat(watch.of(CONFIG).orElseThrow().since()).as("it began anew").isEqualTo(at(6));
  }

  @Test
  void oneFailureADayIsNoOutageUntilTwoLieHalfADayApart() {
    for (double day = 0; day < 8; day += 1.1) {
      assertThat(fails(day)).isFalse();
    }
    assertThat(fails(8.5)).isTrue();
  }

  @Test
  void oneSuccessBeginsAnew() {
    for (double day = 0; day < 4.9; day += 0.2) {
      assertThat(fails(day)).isFalse();
    }
    assertThat(givesUp(watch, new AttemptResult.Accepted(200), at(4.9))).isFalse();
    assertThat(fails(5)).isFalse();
    assertThat(watch.of(CONFIG).orElseThrow().since()).isEqualTo(at(5));
    assertThat(heard.heard).containsExactly("degraded", "recovered");
  }

  @Test
  void faultsOfTheServiceSayNothingOfTheEndpoint() {
    for (double day = 0; day < 6; day += 0.25) {
      assertThat(givesUp(watch, OURS, at(day))).isFalse();
    }
    assertThat(watch.of(CONFIG)).isEmpty();
  }

  @Test
  void itIsDegradedAfterADayAndTenFailures() {
    for (int i = 0; i < 9; i++) {
      assertThat(fails(i / 10.0)).isFalse();
    }
    assertThat(heard.heard).isEmpty();
    assertThat(fails(0.99)).isFalse();
    assertThat(heard.heard).as("ten, but not for a day").isEmpty();
    assertThat(fails(1)).isFalse();
    assertThat(fails(1.1)).isFalse();
    assertThat(heard.heard).as("once").isEqualTo(List.of("degraded"));
  }

  @Test
  void thatItBeginsToFailIsSaidOnceAndSoIsThatItAcceptsAgain() {
    for (int outage = 1; outage <= 2; outage++) {
      Instant start = NOW.plusSeconds(1_000L * outage);
      for (int i = 0; i < 10; i++) {
        assertThat(givesUp(watch, FAILED, start.plusMillis(i))).isFalse();
      }
      assertThat(heard.failing).as("a moment is no outage").hasSize(outage - 1);
      for (int i = 5; i < 20; i++) {
        assertThat(givesUp(watch, FAILED, start.plusSeconds(i))).isFalse();
      }
      assertThat(heard.failing).hasSize(outage).containsOnly("late");
      assertThat(watch.of(CONFIG)).map(EndpointHealth::lastFailure).contains("late");
      assertThat(givesUp(watch, new AttemptResult.Accepted(200), start.plusSeconds(20))).isFalse();
      assertThat(watch.of(CONFIG)).isEmpty();
    }
    assertThat(heard.heard).containsExactly("recovered", "recovered");
  }

  @Test
  void whatTheStoreDoesNotKnowIsToldBeforeAnEnd() {
    for (int i = 0; i < 600; i++) {
      assertThat(givesUp(watch, FAILED, NOW.plusMillis(i))).isFalse();
    }
    assertThat(watch.flush(NOW.plusSeconds(1))).isCompleted();
    assertThat(store.all().values()).extracting(EndpointHealth::failures).containsExactly(600L);
    assertThat(watch.flush(NOW.plusSeconds(2))).isCompleted();
    assertThat(store.all().values()).extracting(EndpointHealth::failures).containsExactly(600L);
  }

  @Test
  void aRestartGoesOnFromWhatWasKept() {
    for (double day = 0; day < 4; day += 0.25) {
      assertThat(fails(day)).isFalse();
    }
    EndpointHealthMonitor restarted = watch();
    restarted.start();
    assertThat(restarted.of(CONFIG)).isEqualTo(watch.of(CONFIG));
    assertThat(givesUp(restarted, FAILED, at(5))).isTrue();
  }

  @Test
  void writesOnceAMinuteAtMost() {
    assertThat(fails(0)).isFalse();
    assertThat(givesUp(watch, FAILED, NOW.plusSeconds(59))).isFalse();
    assertThat(store.all().values()).extracting(EndpointHealth::failures).containsExactly(1L);
    assertThat(givesUp(watch, FAILED, NOW.plusSeconds(60))).isFalse();
    assertThat(store.all().values()).extracting(EndpointHealth::failures).containsExactly(3L);
    watch.stopped(CONFIG.scope());
    assertThat(store.all()).isEmpty();
  }
}
