package dev.feedbackwebhooks.domain.delivery;

import dev.feedbackwebhooks.domain.delivery.AttemptResult.Accepted;
import dev.feedbackwebhooks.domain.delivery.AttemptResult.Refused;
import dev.feedbackwebhooks.domain.delivery.AttemptResult.Retryable;

/**
 * How many requests a lane may have in flight. An endpoint that keeps timing out is probed by one
 * request at a time; each answer, whatever it says, then doubles the width up to its full measure.
 * A refused connection is an answer: it costs nothing to wait for. A lane that was held is more
 * careful: only what its endpoint accepts widens it.
 */
final class LaneWidth {
  /** One lost packet is no outage; this many timeouts without an answer between them are. */
  static final int TIMEOUTS_TO_TRIP = 5;

  private final int full;
  private int width;
  private int timeouts;

  /** Whether it has not been full since it was held. */
  private boolean careful;

  LaneWidth(int full) {
    this.full = full;
    this.width = full;
  }

  int width() {
    return width;
  }

  boolean isFull() {
    return width == full;
  }

  boolean isProbe() {
    return timeouts >= TIMEOUTS_TO_TRIP;
  }

  /**
   * Starts narrow and widens with each success: for a lane whose deliveries waited for some time.
   */
  void ramp() {
    careful = true;
    width = 1;
    timeouts = 0;
  }

  void ended(AttemptResult result) {
    if (timedOut(result)) {
      timeouts++;
      if (isProbe()) {
        width = 1;
      }
    } else {
      timeouts = 0;
      widen(result);
    }
  }

  private void widen(AttemptResult result) {
    if (!careful || result instanceof Accepted) {
      width = Math.min(full, width * 2);
      careful &= width < full;
    }
  }

  private static boolean timedOut(AttemptResult result) {
    return switch (result) {
      case Accepted _, Refused _ -> false;
      case Retryable retryable ->
          retryable.failure() == AttemptFailure.TIMEOUT
              || retryable.failure() == AttemptFailure.CONNECT_TIMEOUT
              // Which is how a dead endpoint looks from behind a proxy.
              || retryable.failure() == AttemptFailure.PROXY_TIMEOUT;
    };
  }
}
