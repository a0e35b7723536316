package dev.feedbackwebhooks.sender.judge;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says what an answer is worth (RFC 9110 section 15, docs/receivers.md). */
public final class ResponseJudge {
  private static final Pattern SECONDS = Pattern.compile("[0-9]+");

  /** Digits of a number of seconds: more of them are a time of day since 1970, which is none. */
  private static final int MOST_DIGITS = 9;

  private final InstantSource clock;

  public ResponseJudge(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * @param retryAfter the header's value, if there is one
   */
  public AttemptResult judge(int status, @Nullable String retryAfter) {
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
      case 408, 425, 429, 500, 502, 503, 504 -> retryable(status, hint(retryAfter));
      // Too large for now, where the endpoint says until when (RFC 9110 section 15.5.14).
      case 413 -> {
        Duration wait = hint(retryAfter);
        yield wait == null
            ? new AttemptResult.Refused(status, "HTTP " + status)
            : retryable(status, wait);
      }
      case 401, 403 -> retryable(status, null);
      default ->
          status >= 400 && status < 500
              ? new AttemptResult.Refused(status, "HTTP " + status)
              : retryable(status, null);
    };
  }

  /** The same of an endpoint that asked for a client certificate, which may be why it refuses. */
  public static AttemptResult withoutCertificate(AttemptResult judged) {
    String asks = "; " + ExchangeException.text(AttemptFailure.TLS_CLIENT_CERTIFICATE);
    return switch (judged) {
      case AttemptResult.Refused(int status, var detail) when mayWantCertificate(status) ->
          new AttemptResult.Refused(status, detail + asks);
      case AttemptResult.Retryable(var failure, int status, var hint, var detail)
          when mayWantCertificate(status) ->
          new AttemptResult.Retryable(failure, status, hint, detail + asks);
      case AttemptResult.Accepted _, AttemptResult.Refused _, AttemptResult.Retryable _ -> judged;
    };
  }

  /** 495 and 496 are nginx's own, which it sends as 400 unless told otherwise. */
  private static boolean mayWantCertificate(int status) {
    return switch (status) {
      case 400, 401, 403, 495, 496 -> true;
      default -> false;
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
      return text.length() > MOST_DIGITS ? null : Duration.ofSeconds(Long.parseLong(text));
    }
    Instant until = HttpDate.parse(text, clock.instant());
    if (until == null) {
      return null;
    }
    Duration wait = Duration.between(clock.instant(), until);
    return wait.isPositive() ? wait : null;
  }
}
