package dev.feedbackwebhooks.sender;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseDecoder;

/** Reads HTTP/1.1 answers, and tells whether there is more than was read. */
final class AnswerDecoder extends HttpResponseDecoder {
  private static final int MOST_LINE_BYTES = 4 * 1024;
  private static final int MOST_HEADER_BYTES = 16 * 1024;

  AnswerDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MOST_LINE_BYTES)
            .setMaxHeaderSize(MOST_HEADER_BYTES));
  }

  /** Whether bytes came that are not, or not yet, a part of an answer. */
  boolean holdsMore() {
    return actualReadableBytes() > 0;
  }
}
