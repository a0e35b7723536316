package dev.feedbackwebhooks.domain.engine;

import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.attempt.AttemptDetail;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.attempt.NextStep;
import dev.feedbackwebhooks.domain.delivery.Settlement;
import dev.feedbackwebhooks.domain.node.Recurrence;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A settlement that is not on disk yet.
 *
 * @param refusals how often the store refused it when it was written by itself
 * @param again when it is written again; null if nothing is waited for
 */
record UnwrittenSettlements(Settlement settlement, int refusals, @Nullable Recurrence again) {
  /** The tries to write all of it before less of it is written. */
  static final int TRIES = 3;

  private static final String NOT_KEPT = "the database refused the details: see the log";
  private static final Duration PAUSE = Duration.ofSeconds(1);

  UnwrittenSettlements(Settlement settlement) {
    this(settlement, 0, null);
  }

  /** The same once more, after a pause that doubles each time. */
  UnwrittenSettlements refused(Instant now) {
    Duration pause = PAUSE.multipliedBy(1L << refusals);
    return new UnwrittenSettlements(
        settlement, refusals + 1, new Recurrence(pause, now.plus(pause)));
  }

  boolean isDue(Instant now) {
    return again == null || again.isDue(now);
  }

  /**
   * The settlement to write next: what happened; if the store does not take that, the same without
   * the texts that came from the endpoint; if not that either, that the delivery ends. Null once
   * there is nothing less.
   */
  @Nullable Settlement written() {
    return switch (refusals - TRIES) {
      case 0 -> plain();
      case 1 -> ended();
      default -> refusals < TRIES ? settlement : null;
    };
  }

  private Settlement plain() {
    Attempt attempt = settlement.attempt();
    return new Settlement(
        settlement.claim(),
        attempt == null ? null : plain(attempt),
        settlement.next() instanceof NextStep.GiveUp(var ending, _)
            ? new NextStep.GiveUp(ending, NOT_KEPT)
            : settlement.next(),
        settlement.at());
  }

  private static Attempt plain(Attempt attempt) {
    AttemptResult result =
        switch (attempt.result()) {
          case AttemptResult.Accepted accepted -> accepted;
          case AttemptResult.Refused(int status, _) -> new AttemptResult.Refused(status, NOT_KEPT);
          case AttemptResult.Retryable(var failure, int status, var after, _) ->
              new AttemptResult.Retryable(failure, status, after, NOT_KEPT);
        };
    return new Attempt(
        attempt.number(), attempt.start(), attempt.duration(), result, AttemptDetail.NONE, null);
  }

  /** Sent again, it would be refused again, each time after its endpoint had it once more. */
  private Settlement ended() {
    Attempt attempt = settlement.attempt();
    boolean delivered = attempt != null && attempt.result() instanceof AttemptResult.Accepted;
    return new Settlement(
        settlement.claim(),
        null,
        new NextStep.GiveUp(
            NextStep.Ending.EXHAUSTED,
            delivered
                ? "the endpoint accepted it, and the database refused to write that: see the log"
                : "the database refused to write what its last attempt came to: see the log"),
        settlement.at());
  }
}
