package dev.feedbackwebhooks.domain.engine;

import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.attempt.NextStep;
import dev.feedbackwebhooks.domain.attempt.RetrySchedule;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.Settlement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Decides what follows an attempt, and has it written down. Used by the engine's thread only. */
final class Settler {
  private final EnginePorts ports;
  private final RetrySchedule schedule;
  private final SettlementWriter writer;
  private final Executor mailbox;
  private int releasing;

  Settler(
      EnginePorts ports,
      RetrySchedule schedule,
      InstantSource clock,
      Consumer<Settlement> settled,
      Consumer<Claim> givenUp,
      Executor mailbox) {
    this.ports = ports;
    this.schedule = schedule;
    this.writer = new SettlementWriter(ports, clock, settled, givenUp, mailbox);
    this.mailbox = mailbox;
  }

  /**
   * @param sent the configuration that the attempt was made by
   */
  void settle(Claim claim, Attempt attempt, WebhookConfig sent, Instant now) {
    NextStep next = schedule.after(attempt.result(), attempt.number() - claim.firstOfRound(), now);
    ports.listener().attempted(claim, attempt, next);
    if (attempt.result() instanceof AttemptResult.Refused refused && refused.gone()) {
      ports.background().execute(() -> disable(sent, now));
    } else {
      ports
          .health()
          .attempted(
              sent,
              attempt.result(),
              now,
              () -> ports.background().execute(() -> giveUp(sent, now)));
    }
    writer.add(new Settlement(claim, attempt, next, now));
  }

  private void giveUp(WebhookConfig sent, Instant now) {
    try {
      if (ports.configs().disableByFailure(sent, now)) {
        ports.health().disabledByFailure(sent.scope());
      }
    } catch (RuntimeException e) {
      // The next failure tries again.
      ports.listener().storeFailed("disable", e);
    }
  }

  private void disable(WebhookConfig sent, Instant now) {
    try {
      if (ports.configs().disableByEndpoint(sent, now)) {
        ports.health().disabledByEndpoint(sent.scope());
      }
    } catch (RuntimeException e) {
      // The next delivery's 410 tries again.
      ports.listener().storeFailed("disable", e);
    }
  }

  void cancel(Claim claim, String reason, Instant now) {
    ports.listener().cancelled(claim, reason);
    writer.add(
        new Settlement(claim, null, new NextStep.GiveUp(NextStep.Ending.CANCELLED, reason), now));
  }

  /** Gives claims back to the store, untried. */
  void release(List<Claim> claims, Instant due) {
    releasing++;
    // What is not given back is not lost: its lease ends, and it is claimed anew.
    var _ =
        new Halves<Claim>(
                part -> ports.queue().release(part, due),
                failure -> ports.listener().storeFailed("release", failure))
            .each(claims)
            .whenCompleteAsync((_, _) -> releasing--, mailbox);
  }

  boolean nothingOpen() {
    return releasing == 0 && writer.open() == 0;
  }

  /** Writes again what the store would not take, if it is time. */
  void repeatFailed() {
    writer.repeat();
  }

  /** The claims that are to be settled, by identity. */
  Set<Claim> unsettled() {
    return writer.claims();
  }

  /** Settlements that the store would not take so far. */
  int overdue() {
    return writer.overdue();
  }
}
