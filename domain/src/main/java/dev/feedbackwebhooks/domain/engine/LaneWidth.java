package dev.feedbackwebhooks.domain.engine;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.attempt.AttemptResult.Accepted;
import dev.feedbackwebhooks.domain.attempt.AttemptResult.Refused;
import dev.feedbackwebhooks.domain.attempt.AttemptResult.Retryable;

/**
 * The number of requests that a lane may have in flight. An endpoint that keeps timing out is
 * probed by one request at a time; each answer, whatever it says, then doubles the width up to its
 * full measure. A refused connection is an answer: it costs nothing to wait for. A lane that was
 * held is more careful: only what its endpoint accepts widens it.
 *
 * <p>The full measure is this node's share, which changes as nodes come and go: a lane that is open
 * follows it at once. Each node finds out for itself that an endpoint is down, and probes it with a
 * request of its own: one for each node that has something for it.
 */
final class LaneWidth {
  /** One lost packet is no outage; this many timeouts without an answer between them are. */
  static final int TIMEOUTS_TO_TRIP = 5;

  /** The width of a lane that may use all of its share. */
  private static final int OPEN = Integer.MAX_VALUE;

  private final LaneShare share;
  private int width = OPEN;
  private int timeouts;

  /** Whether it has not been full since it was held. */
  private boolean careful;

  LaneWidth(LaneShare share) {
    this.share = share;
  }

  int width() {
    return Math.min(width, share.part());
  }

  boolean isFull() {
    return width == OPEN;
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
    if (!isFull() && (!careful || result instanceof Accepted)) {
      width = 2 * width < share.part() ? 2 * width : OPEN;
    }
    careful &= !isFull();
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
