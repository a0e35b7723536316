package dev.feedbackwebhooks.sender;

import dev.feedbackwebhooks.domain.delivery.AttemptFailure;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponseDecoder;
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

  /** Of an answer's status; HTTP/2 has the same. */
  static final Pattern STATUS = Pattern.compile("[1-9][0-9]{2}");

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
    if (!STATUS.matcher(initialLine[1]).matches()) {
      throw new IllegalArgumentException("a status that is not three digits");
    }
    return super.createMessage(initialLine);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    if (message instanceof ByteBuf bytes) {
      read += bytes.readableBytes();
      if (read > MOST_BYTES) {
        bytes.release();
        ctx.fireExceptionCaught(new ExchangeException(AttemptFailure.MALFORMED_RESPONSE));
        return;
      }
    }
    super.channelRead(ctx, message);
  }

  /** Whether bytes came that are not, or not yet, a part of an answer. */
  boolean holdsMore() {
    return actualReadableBytes() > 0;
  }
}
