package dev.feedbackwebhooks.cli;

import dev.feedbackwebhooks.cli.terminal.TerminalOutput;
import dev.feedbackwebhooks.cli.terminal.Times;
import dev.feedbackwebhooks.proto.v1.Attempt;
import dev.feedbackwebhooks.proto.v1.AttemptTiming;
import dev.feedbackwebhooks.proto.v1.HeaderField;

/** Attempts for people. */
final class Attempts {
  private Attempts() {}

  static String result(Attempt attempt) {
    String result = Times.word(attempt.getResult(), "ATTEMPT_RESULT_");
    return switch (attempt.getResult()) {
      case ATTEMPT_RESULT_ACCEPTED -> result + ", HTTP " + attempt.getHttpStatus();
      case ATTEMPT_RESULT_RETRYABLE,
          ATTEMPT_RESULT_REFUSED,
          ATTEMPT_RESULT_UNSPECIFIED,
          UNRECOGNIZED ->
          result
              + ", "
              + Times.word(attempt.getFailure(), "ATTEMPT_FAILURE_")
              + ": "
              + attempt.getDetail();
    };
  }

  static void describe(Attempt attempt, TerminalOutput out) {
    out.println("attempt " + attempt.getNumber() + ": " + result(attempt));
    out.println("  at      " + Times.text(attempt.getStartTime()));
    if (!attempt.getRemoteAddress().isEmpty()) {
      out.println(
          "  to      "
              + attempt.getRemoteAddress()
              + (attempt.getProtocol().isEmpty() ? "" : " by " + attempt.getProtocol())
              + (attempt.getConnectionReused() ? ", on a connection that stood" : ""));
    }
    out.println("  took    " + timing(attempt.getTiming()));
    attempt.getRequestHeadersList().forEach(field -> out.println("  > " + line(field)));
    attempt.getResponseHeadersList().forEach(field -> out.println("  < " + line(field)));
    if (!attempt.getResponseBody().isEmpty()) {
      out.println("  < " + attempt.getResponseBody().toStringUtf8());
    }
    if (attempt.hasNextAttemptTime()) {
      out.println("  next at " + Times.text(attempt.getNextAttemptTime()));
    }
  }

  private static String timing(AttemptTiming timing) {
    StringBuilder text = new StringBuilder(Times.millis(timing.getTotal()));
    if (timing.hasDns()) {
      text.append(", dns ").append(Times.millis(timing.getDns()));
    }
    if (timing.hasConnect()) {
      text.append(", connect ").append(Times.millis(timing.getConnect()));
    }
    if (timing.hasTls()) {
      text.append(", tls ").append(Times.millis(timing.getTls()));
    }
    if (timing.hasFirstByte()) {
      text.append(", first byte ").append(Times.millis(timing.getFirstByte()));
    }
    return text.toString();
  }

  private static String line(HeaderField field) {
    return field.getName() + ": " + (field.getMasked() ? "***" : field.getValue());
  }
}
