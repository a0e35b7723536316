package dev.feedbackwebhooks.domain.engine;

import static dev.feedbackwebhooks.domain.delivery.DeliveryState.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.domain.testing.Samples;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A wall clock that was a day ahead is set right: what recurs must not wait for that day. */
class ClockJumpTest {
  private static final Scope SCOPE = new Scope("o", "a");
  private static final AttemptResult OK = new AttemptResult.Accepted(200);
  private static final Duration DAY = Duration.ofDays(1);

  private final EngineHarness t = new EngineHarness();

  @BeforeEach
  void customer() {
    t.config(SCOPE);
  }

  private void aheadAndBack() {
    t.after(DAY);
    t.after(DAY.negated());
  }

  @Test
  void whatAnotherProcessLeftIsStillFoundOnceItsLeaseIsOver() {
    aheadAndBack();
    t.waiting(SCOPE, 1, Samples.payload("w"));
    Lease others = new Lease(9, t.clock.instant().plusSeconds(30));
    var _ =
        t.deliveries.claimDue(SCOPE, new DeliveryQueue.Room(1, 1_000), t.clock.instant(), others);
    for (int i = 0; i < 12; i++) {
      t.after(Duration.ofSeconds(10));
    }
    assertThat(t.sent).hasSize(1);
  }

  @Test
  void leasesAreRenewedAsBefore() {
    aheadAndBack();
    t.enqueue(SCOPE, 1);
    for (int i = 0; i < 30; i++) {
      t.after(Duration.ofSeconds(10));
      // As another process would: it gives back what lapsed.
      var _ = t.deliveries.lanes(t.clock.instant());
    }
    t.answer(OK);
    assertThat(t.heard).as("nobody else got its claim").isEmpty();
    assertThat(t.listed(SCOPE, DELIVERED)).hasSize(1);
  }

  @Test
  void whatTheStoreWouldNotTakeIsWrittenAsSoonAsBefore() {
    t.enqueue(SCOPE, 1);
    t.clock.advance(DAY);
    t.deliveries.fail(new Fault.Unavailable(Reason.STORE_UNAVAILABLE, "no", Duration.ZERO));
    t.answer(OK);
    t.deliveries.fail(null);
    t.clock.advance(DAY.negated());
    t.after(Duration.ofMillis(50));
    assertThat(t.listed(SCOPE, DELIVERED)).hasSize(1);
  }
}
