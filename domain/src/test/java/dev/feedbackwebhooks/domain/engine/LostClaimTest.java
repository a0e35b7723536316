package dev.feedbackwebhooks.domain.engine;

import static dev.feedbackwebhooks.domain.delivery.DeliveryState.DELIVERED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A claim that a bug made the engine forget is given back; no other one is. */
class LostClaimTest {
  private static final Scope SCOPE = new Scope("o", "a");
  private static final AttemptResult OK = new AttemptResult.Accepted(200);

  private final EngineHarness t = new EngineHarness();

  @BeforeEach
  void customer() {
    t.config(SCOPE);
  }

  private void minutes(int count) {
    for (int i = 0; i < 6 * count; i++) {
      t.after(Duration.ofSeconds(10));
    }
  }

  @Test
  void whatABugMadeTheEngineForgetIsSentAgainAndItsMemoryIsFree() {
    t.enqueue(SCOPE, 1);
    t.losing = true;
    t.answer(OK);
    t.losing = false;
    minutes(3);
    assertThat(t.heard)
        .containsOnlyOnce("failed engine")
        .anyMatch(each -> each.startsWith("lost "));
    assertThat(t.sent).as("sent again").hasSize(1);
    t.answer(OK);
    assertThat(t.listed(SCOPE, DELIVERED)).hasSize(1);
    minutes(1);
    assertThat(EngineProbe.idle(t.engine)).isTrue();
  }

  @Test
  void whatWaitsForItsTurnForTheEndpointOrForTheStoreIsKept() {
    t.enqueue(SCOPE, 10);
    minutes(5);
    t.deliveries.fail(new Fault.Unavailable(Reason.STORE_UNAVAILABLE, "no", Duration.ZERO));
    t.answer(OK);
    t.clock.advance(Duration.ofSeconds(50));
    t.deliveries.fail(null);
    minutes(5);
    t.deliveries.refuse(delivery -> true);
    t.answer(OK);
    t.after(Duration.ofSeconds(25));
    t.deliveries.refuse(delivery -> false);
    minutes(5);
    assertThat(t.heard).noneMatch(each -> each.startsWith("lost "));
  }
}
