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
import org.junit.jupiter.api.Test;

/** Two processes that watch the same endpoint, each by its own attempts, on one store. */
class EndpointHealthMonitorsTest {
  private static final WebhookConfig CONFIG = Samples.config();
  private static final AttemptResult FAILED =
      new AttemptResult.Retryable(AttemptFailure.TIMEOUT, 0, null, "late");
  private static final AttemptResult OK = new AttemptResult.Accepted(200);

  private final InMemoryHealth store = new InMemoryHealth();
  private final Node a = new Node();
  private final Node b = new Node();

  /** What one process has for itself. */
  private final class Node {
    final EngineHarness heard = new EngineHarness();
    final EndpointHealthMonitor watch =
        new EndpointHealthMonitor(store, EngineHarness.HEALTH, heard);
    boolean gaveUp;

    void hears(AttemptResult result, Instant at) {
      watch.attempted(CONFIG, result, at, () -> gaveUp = true);
    }

    EndpointHealth health() {
      return watch.of(CONFIG).orElseThrow();
    }
  }

  private static Instant at(double days) {
    return NOW.plusMillis((long) (days * Duration.ofDays(1).toMillis()));
  }

  private void look(Instant at) {
    a.watch.look(at);
    b.watch.look(at);
  }

  @Test
  void whatAcceptsForOneIsNotGivenUpHoweverMuchItFailsForTheOther() {
    for (double day = 0; day < 20; day += 0.05) {
      a.hears(FAILED, at(day));
      look(at(day + 0.01));
      b.hears(OK, at(day + 0.02));
    }
    assertThat(a.gaveUp).isFalse();
    assertThat(a.heard.heard).as("not even degraded").isEmpty();
  }

  @Test
  void oneSuccessInTheTimeElsewhereIsEnough() {
    for (double day = 0; day < 9; day += 0.25) {
      look(at(day));
      a.hears(FAILED, at(day));
      look(at(day + 0.1));
      if (day == 4.5) {
        b.hears(OK, at(day + 0.2));
      }
      assertThat(a.gaveUp).as("day %s", day).isFalse();
    }
    assertThat(a.heard.heard).containsOnly("degraded");
    assertThat(b.heard.heard).contains("recovered");
    for (double day = 9; day < 10; day += 0.25) {
      a.hears(FAILED, at(day));
    }
    assertThat(a.gaveUp).as("five days later").isTrue();
  }

  @Test
  void aSuccessElsewhereAMomentAgoIsAskedForBeforeTheEnd() {
    for (double day = 0; day < 5; day += 0.25) {
      a.hears(FAILED, at(day));
      look(at(day));
    }
    b.hears(OK, at(5).minusMillis(1));
    a.hears(FAILED, at(5));
    assertThat(a.gaveUp).isFalse();
    assertThat(a.watch.of(CONFIG)).as("begins anew with the next").isEmpty();
    a.hears(FAILED, at(5.1));
    assertThat(a.health().since()).isEqualTo(at(5.1));
  }

  @Test
  void whatFailsForAllIsGivenUpThoughEachSawOnlyAPart() {
    for (double day = 0; day < 5; day += 0.8) {
      a.hears(FAILED, at(day));
      b.hears(FAILED, at(day + 0.4));
      look(at(day + 0.5));
    }
    assertThat(a.health()).isEqualTo(b.health());
    assertThat(a.health().since()).isEqualTo(NOW);
    assertThat(a.health().failures()).isEqualTo(14);
    assertThat(a.heard.heard.size() + b.heard.heard.size()).as("one warns").isEqualTo(1);
    b.hears(FAILED, at(5.2));
    assertThat(b.gaveUp).isTrue();
  }

  @Test
  void failuresAreAddedUpWithoutALook() {
    for (int minute = 0; minute < 10; minute++) {
      a.hears(FAILED, NOW.plusSeconds(60L * minute));
      b.hears(FAILED, NOW.plusSeconds(60L * minute + 1));
    }
    assertThat(store.all().get(CONFIG.scope()))
        .isEqualTo(new EndpointHealth(a.health().endpoint(), NOW, NOW, at541(), 20, false, "late"));
  }

  private static Instant at541() {
    return NOW.plusSeconds(541);
  }

  @Test
  void whatIsForgottenElsewhereIsNotTakenForALongOutage() {
    a.hears(FAILED, NOW);
    look(NOW);
    b.hears(OK, at(1));
    look(at(1));
    assertThat(a.watch.of(CONFIG)).isEmpty();
    assertThat(b.watch.of(CONFIG)).isEmpty();
  }

  @Test
  void whatTheStoreCouldNotForgetIsForgottenWithTheNextLookAndIsNoBeginning() {
    a.hears(FAILED, NOW);
    store.fail(new IllegalStateException("disk"));
    a.hears(OK, at(1));
    assertThat(a.heard.heard).containsExactly("failed health");
    store.fail(null);
    a.hears(FAILED, at(1.1));
    assertThat(a.health().since()).isEqualTo(at(1.1));
    store.fail(new IllegalStateException("disk"));
    a.hears(OK, at(1.2));
    store.fail(null);
    assertThat(store.all()).hasSize(1);
    a.watch.look(at(1.3));
    assertThat(store.all()).isEmpty();
  }

  @Test
  void whatTheStoreDidNotTakeIsToldTheNextTime() {
    a.hears(FAILED, NOW);
    store.fail(new IllegalStateException("disk"));
    a.hears(FAILED, NOW.plusSeconds(60));
    store.fail(null);
    a.hears(FAILED, NOW.plusSeconds(120));
    assertThat(store.all().values()).extracting(EndpointHealth::failures).containsExactly(3L);
    assertThat(a.health().failures()).isEqualTo(3);
  }
}
