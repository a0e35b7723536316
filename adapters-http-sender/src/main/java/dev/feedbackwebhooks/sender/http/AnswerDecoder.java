package dev.feedbackwebhooks.sender.http;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.sender.judge.ExchangeException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Reads HTTP/1.1 answers, and tells whether there is more than was read. An answer that is not over
 * after {@link #MOST_BYTES}, whatever they are, is none: interim heads and the framing of chunks
 * have no other end, and who reads them keeps everyone else on the loop waiting.
 */
final class AnswerDecoder extends HttpResponseDecoder {
  private static final int MOST_LINE_BYTES = 4 * 1024;
  private static final int MOST_HEADER_BYTES = 16 * 1024;
  private static final int MOST_BYTES = 128 * 1024;

  /** The form of an answer's status; HTTP/2 has the same. */
  static final Pattern STATUS = Pattern.compile("[1-9][0-9]{2}");

  /** The beginning of the reason why a status is refused. */
  static final String STATUS_FAULT = "a status that is not three digits";

  private static final Pattern VERSION = Pattern.compile("HTTP/1\\.[0-9]");

  /** The beginning of every answer. */
  private static final byte[] START = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);

  private final byte[] start = new byte[START.length];
  private int read;

  AnswerDecoder() {
    super(
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MOST_LINE_BYTES)
            .setMaxHeaderSize(MOST_HEADER_BYTES));
  }

  /** Another answer is to come. */
  void startOver() {
    read = 0;
  }

  /** A status is three digits (RFC 9112, section 4): a parser of numbers takes more than that. */
  @Override
  protected HttpMessage createMessage(String[] initialLine) {
    if (!VERSION.matcher(initialLine[0]).matches()) {
      throw new IllegalArgumentException("another protocol");
    }
    if (!STATUS.matcher(initialLine[1]).matches()) {
      throw new IllegalArgumentException(STATUS_FAULT);
    }
    return super.createMessage(initialLine);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    if (message instanceof ByteBuf bytes) {
      for (int i = 0; read + i < START.length && i < bytes.readableBytes(); i++) {
        start[read + i] = bytes.getByte(bytes.readerIndex() + i);
      }
      read += bytes.readableBytes();
      if (read > MOST_BYTES) {
        bytes.release();
        ctx.fireExceptionCaught(
            new ExchangeException(
                AttemptFailure.MALFORMED_RESPONSE,
                "the answer is not HTTP: it is not over after 128 KiB of heads and framing",
                null));
        return;
      }
    }
    super.channelRead(ctx, message);
  }

  /** Whether the answer begins as one of HTTP/1 does. */
  boolean startsAsHttp() {
    return Arrays.equals(start, START);
  }

  /** Whether bytes came that are not, or not yet, a part of an answer. */
  boolean holdsMore() {
    return actualReadableBytes() > 0;
  }
}
