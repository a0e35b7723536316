package dev.feedbackwebhooks.domain.attempt;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The result of one HTTP request. A remote endpoint's misbehaviour is a result, never thrown. */
public sealed interface AttemptResult {
  /**
   * Any 2xx.
   *
   * @param httpStatus 200–299
   */
  record Accepted(int httpStatus) implements AttemptResult {}

  /**
   * Worth the whole schedule.
   *
   * @param httpStatus 0 where no answer came
   * @param retryAfter the endpoint's own wish, from now; null without one
   * @param detail one line for people; no secret, no body
   */
  record Retryable(
      AttemptFailure failure, int httpStatus, @Nullable Duration retryAfter, String detail)
      implements AttemptResult {}

  /** The endpoint understood and does not want it: worth few attempts, or none (410 Gone). */
  record Refused(int httpStatus, String detail) implements AttemptResult {
    /** The endpoint wants nothing more of this configuration: RFC 9110 section 15.5.11. */
    public boolean gone() {
      return httpStatus == 410;
    }
  }
}
