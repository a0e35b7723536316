package dev.feedbackwebhooks.sender.http;

import static dev.feedbackwebhooks.domain.attempt.AttemptFailure.MALFORMED_RESPONSE;

import dev.feedbackwebhooks.sender.judge.ExchangeException;
import dev.feedbackwebhooks.sender.judge.FailureJudge;
import io.netty.handler.codec.http.ContentLengthNotAllowedException;
import io.netty.handler.codec.http.InvalidChunkExtensionException;
import io.netty.handler.codec.http.InvalidChunkTerminationException;
import io.netty.handler.codec.http.InvalidLineSeparatorException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http.TransferEncodingNotAllowedException;

/** The fault of an answer that cannot be read, in our words: the answer may contain a secret. */
final class AnswerFault {
  private AnswerFault() {}

  /**
   * The failure of the decoder with a detail, if it is about the answer's bytes.
   *
   * @param http whether the answer begins as HTTP does
   * @param inHead whether its head was not over
   */
  static Throwable named(Throwable cause, boolean http, boolean inHead) {
    if (FailureJudge.failure(cause) != MALFORMED_RESPONSE || cause instanceof ExchangeException) {
      return cause;
    }
    String what =
        http
            ? (inHead ? head(cause) : body(cause))
            : "it does not begin with HTTP/1.1 or HTTP/1.0 and a status";
    return new ExchangeException(
        MALFORMED_RESPONSE, ExchangeException.text(MALFORMED_RESPONSE) + ": " + what, cause);
  }

  private static String head(Throwable cause) {
    return switch (cause) {
      case InvalidLineSeparatorException _ ->
          "its lines end in LF alone, where RFC 9112 wants CR LF";
      case TooLongHttpHeaderException _ -> "its head is longer than 16 KiB";
      case TooLongHttpLineException _ -> "its status line is longer than 4 KiB";
      case ContentLengthNotAllowedException _ -> "it has a Content-Length and a Transfer-Encoding";
      case TransferEncodingNotAllowedException _ ->
          "it has a Transfer-Encoding, which HTTP/1.0 does not know";
      default -> byMessage(String.valueOf(cause.getMessage()));
    };
  }

  /** Netty has no classes for these. */
  private static String byMessage(String message) {
    if (message.startsWith("No colon")) {
      return "a line of its head has no colon";
    }
    if (message.startsWith("Multiple Content-Length")) {
      return "it has several Content-Lengths";
    }
    if (message.startsWith("Content-Length value")) {
      return "its Content-Length is not a number";
    }
    return message.startsWith(AnswerDecoder.STATUS_FAULT)
        ? "its status is not three digits"
        : "a line of its head has a character that is forbidden there";
  }

  private static String body(Throwable cause) {
    return switch (cause) {
      case TooLongHttpHeaderException _ -> "its trailers are longer than 16 KiB";
      case TooLongHttpLineException _ -> "the line before a chunk is longer than 4 KiB";
      case NumberFormatException _ -> "the size of a chunk is not a number";
      case InvalidLineSeparatorException _, InvalidChunkTerminationException _ ->
          "the lines around its chunks do not end in CR LF";
      case InvalidChunkExtensionException _ -> "the extension of a chunk is malformed";
      default -> "its chunks or trailers are malformed";
    };
  }
}
