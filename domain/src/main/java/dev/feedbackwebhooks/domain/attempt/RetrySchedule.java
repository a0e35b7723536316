package dev.feedbackwebhooks.domain.attempt;

import dev.feedbackwebhooks.domain.attempt.AttemptResult.Accepted;
import dev.feedbackwebhooks.domain.attempt.AttemptResult.Refused;
import dev.feedbackwebhooks.domain.attempt.AttemptResult.Retryable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When to try again, and when to stop.
 *
 * @param delays before attempts 2, 3, …; the schedule is used up after one attempt more than it has
 *     delays
 * @param jitter in [0, 1): spreads retries over up to a tenth more than the delay, never less
 */
public record RetrySchedule(List<Duration> delays, DoubleSupplier jitter) {
  /** The attempts at an endpoint that refuses (400, 404, 422 and the like). */
  static final int REFUSED_ATTEMPTS = 3;

  /** An endpoint may ask us to wait (Retry-After, RFC 9110 section 10.2.3), but not for longer. */
  static final Duration LONGEST_HINT = Duration.ofHours(6);

  private static final double MOST_JITTER = 0.1;

  public RetrySchedule {
    delays = List.copyOf(delays);
  }

  /**
   * @param attempts attempts made in this round, the one with this result included: from 1
   */
  public NextStep after(AttemptResult result, int attempts, Instant now) {
    return switch (result) {
      case Accepted _ -> new NextStep.Done();
      case Retryable retryable ->
          attempts > delays.size()
              ? exhausted(attempts, retryable.detail())
              : retry(attempts, retryable.retryAfter(), now);
      case Refused refused -> afterRefusal(refused, attempts, now);
    };
  }

  private NextStep afterRefusal(Refused refused, int attempts, Instant now) {
    if (refused.gone()) {
      return new NextStep.GiveUp(NextStep.Ending.REFUSED, refused.detail());
    }
    return attempts >= Math.min(REFUSED_ATTEMPTS, delays.size() + 1)
        ? exhausted(attempts, refused.detail())
        : retry(attempts, null, now);
  }

  private static NextStep exhausted(int attempts, String detail) {
    String count = attempts == 1 ? "1 attempt" : attempts + " attempts";
    return new NextStep.GiveUp(NextStep.Ending.EXHAUSTED, "gave up after " + count + ": " + detail);
  }

  private NextStep retry(int attempts, @Nullable Duration hint, Instant now) {
    Duration delay = spread(delays.get(attempts - 1));
    if (hint != null && hint.compareTo(delay) > 0) {
      delay = later(delay, earlier(spread(hint), LONGEST_HINT));
    }
    return new NextStep.RetryAt(now.plus(delay));
  }

  private Duration spread(Duration delay) {
    return delay.plusMillis((long) (delay.toMillis() * MOST_JITTER * jitter.getAsDouble()));
  }

  private static Duration later(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  private static Duration earlier(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
