package dev.feedbackwebhooks.domain.attempt;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request, or the try at one.
 *
 * @param number from 1
 * @param next when the next one was to follow; null if none was, or if that is still open
 */
public record Attempt(
    int number,
    Instant start,
    Duration duration,
    AttemptResult result,
    AttemptDetail detail,
    @Nullable Instant next) {
  /** One of which no more is known. */
  public Attempt(int number, Instant start, Duration duration, AttemptResult result) {
    this(number, start, duration, result, AttemptDetail.NONE, null);
  }
}
