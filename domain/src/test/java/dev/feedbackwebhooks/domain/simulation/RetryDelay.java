package dev.feedbackwebhooks.domain.simulation;

import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.delivery.Settlement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How long a retry has to wait at least: the schedule's delay, or the endpoint's own wish. */
final class RetryDelay {
  private RetryDelay() {}

  /**
   * @param attempts attempts of this round
   */
  static Duration least(Settlement settlement, int attempts) {
    Duration scheduled = World.DELAYS.get(attempts - 1);
    Duration asked = asked(settlement.attempt() == null ? null : settlement.attempt().result());
    return asked.compareTo(scheduled) > 0 ? asked : scheduled;
  }

  private static Duration asked(@Nullable AttemptResult result) {
    return result instanceof AttemptResult.Retryable retryable && retryable.retryAfter() != null
        ? retryable.retryAfter()
        : Duration.ZERO;
  }
}
