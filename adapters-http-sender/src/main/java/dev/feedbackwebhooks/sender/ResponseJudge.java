package dev.feedbackwebhooks.sender;

import dev.feedbackwebhooks.domain.delivery.AttemptFailure;
import dev.feedbackwebhooks.domain.delivery.AttemptResult;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says what an answer is worth (RFC 9110 section 15, docs/receivers.md). */
final class ResponseJudge {
  private static final Pattern SECONDS = Pattern.compile("[0-9]+");

  /** Digits of a number of seconds that is worth reading; more of them mean a long time. */
  private static final int MOST_DIGITS = 9;

  private final InstantSource clock;

  ResponseJudge(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * @param retryAfter the header's value, if there is one
   */
  AttemptResult judge(int status, @Nullable String retryAfter) {
    if (status >= 200 && status < 300) {
      return new AttemptResult.Accepted(status);
    }
    if (status >= 300 && status < 400) {
      return new AttemptResult.Retryable(
          AttemptFailure.REDIRECT,
          status,
          null,
          "HTTP " + status + ": redirects are not followed; set the final URL");
    }
    return switch (status) {
      case 429, 503 -> retryable(status, hint(retryAfter));
      case 401, 403, 408, 425 -> retryable(status, null);
      default ->
          status >= 400 && status < 500
              ? new AttemptResult.Refused(status, "HTTP " + status)
              : retryable(status, null);
    };
  }

  private static AttemptResult retryable(int status, @Nullable Duration hint) {
    return new AttemptResult.Retryable(AttemptFailure.HTTP_STATUS, status, hint, "HTTP " + status);
  }

  /** RFC 9110 section 10.2.3: seconds or a date; anything else says nothing. */
  private @Nullable Duration hint(@Nullable String retryAfter) {
    if (retryAfter == null) {
      return null;
    }
    String text = retryAfter.strip();
    if (SECONDS.matcher(text).matches()) {
      return text.length() > MOST_DIGITS
          ? Duration.ofDays(3_650)
          : Duration.ofSeconds(Long.parseLong(text));
    }
    try {
      Instant until = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(clock.instant(), until);
      return wait.isPositive() ? wait : null;
    } catch (DateTimeParseException _) {
      return null;
    }
  }
}
