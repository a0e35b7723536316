package dev.feedbackwebhooks.domain.engine;

import static dev.feedbackwebhooks.domain.engine.EngineLoad.LaneKind.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.config.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EngineLoadTest {
  private static final Scope A = new Scope("o", "a");
  private static final Scope B = new Scope("o", "b");
  private static final AttemptResult TIMEOUT =
      new AttemptResult.Retryable(AttemptFailure.TIMEOUT, 0, null, "late");

  private final EngineHarness t = new EngineHarness();

  @Test
  void itTellsWhatIsInFlightAndWhatWaitsForItsTurn() {
    t.config(A);
    t.enqueue(A, 6);
    EngineLoad load = load();
    assertThat(load.lanes()).isEqualTo(Map.of(BUSY, 1));
    assertThat(load.inFlight()).isEqualTo(4);
    assertThat(load.queued()).isEqualTo(2);
    assertThat(load.memoryBytes()).isPositive();

    List.copyOf(t.sent).forEach(_ -> t.answer(new AttemptResult.Accepted(200)));
    t.answer(new AttemptResult.Accepted(200));
    t.answer(new AttemptResult.Accepted(200));
    var _ = load();
    assertThat(load()).isEqualTo(new EngineLoad(Map.of(), 0, 0, 0, 0));
  }

  @Test
  void lanesThatWaitAreToldFromThoseThatAreShrunk() {
    t.config(A);
    t.config(B);
    t.enqueue(A, 1);
    t.answer(new AttemptResult.Retryable(AttemptFailure.HTTP_STATUS, 503, null, "HTTP 503"));
    assertThat(load().lanes()).isEqualTo(Map.of(WAITING, 1));

    t.enqueue(B, LaneWidth.TIMEOUTS_TO_TRIP);
    for (int i = 0; i < LaneWidth.TIMEOUTS_TO_TRIP; i++) {
      t.answer(TIMEOUT);
    }
    assertThat(load().lanes()).isEqualTo(Map.of(WAITING, 1, SHRUNK, 1));
  }

  @Test
  void theLaneOfADisabledConfigurationIsPaused() {
    t.config(A);
    t.enqueue(A, 6);
    assertThat(t.configs.disableByEndpoint(t.configs.get(A), t.clock.instant())).isTrue();
    t.mailbox.runAll();
    List.copyOf(t.sent).forEach(_ -> t.answer(new AttemptResult.Accepted(200)));
    assertThat(load().lanes()).isEqualTo(Map.of(PAUSED, 1));
  }

  private EngineLoad load() {
    t.after(Duration.ofSeconds(1));
    return t.load;
  }
}
