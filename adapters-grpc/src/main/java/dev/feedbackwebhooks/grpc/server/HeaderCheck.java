package dev.feedbackwebhooks.grpc.server;

import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Error;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameListener;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Headers;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Stream;
import io.grpc.netty.shaded.io.netty.util.AsciiString;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;

/**
 * Refuses a call with a status where its headers make gRPC throw: gRPC would log that with its
 * stack, reset the stream, and end the connection after so many. At an upgrade of gRPC, see what
 * its {@code NettyServerHandler.onHeadersRead} throws for.
 */
final class HeaderCheck extends Http2FrameListenerDecorator {
  private static final Logger log = LoggerFactory.getLogger(HeaderCheck.class);

  /** Marks errors of clients: the log counts them, and has a line now and then. */
  private static final Marker CLIENT_ERROR = MarkerFactory.getMarker("CLIENT_ERROR");

  private static final AsciiString TIMEOUT = AsciiString.cached("grpc-timeout");

  /** As gRPC reads it; less than 0 is a deadline that has passed. */
  private static final Pattern DURATION = Pattern.compile("-?\\d{1,8}[HMSmun]");

  private static final int INVALID_ARGUMENT = 3;

  private final Http2ConnectionHandler handler;

  HeaderCheck(Http2FrameListener listener, Http2ConnectionHandler handler) {
    super(listener);
    this.handler = handler;
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context,
      int stream,
      Http2Headers headers,
      int padding,
      boolean endOfStream)
      throws Http2Exception {
    Optional<String> refusal = refusal(headers);
    if (refusal.isEmpty()) {
      super.onHeadersRead(context, stream, headers, padding, endOfStream);
    } else {
      refuse(context, stream, refusal.get());
    }
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext context,
      int stream,
      Http2Headers headers,
      int streamDependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean endOfStream)
      throws Http2Exception {
    Optional<String> refusal = refusal(headers);
    if (refusal.isEmpty()) {
      super.onHeadersRead(
          context, stream, headers, streamDependency, weight, exclusive, padding, endOfStream);
    } else {
      refuse(context, stream, refusal.get());
    }
  }

  private static Optional<String> refusal(Http2Headers headers) {
    CharSequence path = headers.path();
    if (path != null && path.isEmpty()) {
      return Optional.of(":path is empty: name a method");
    }
    for (CharSequence timeout : headers.getAll(TIMEOUT)) {
      if (!DURATION.matcher(timeout).matches()) {
        return Optional.of("grpc-timeout is not 1 to 8 digits and one of H, M, S, m, u and n");
      }
    }
    return Optional.empty();
  }

  private void refuse(ChannelHandlerContext context, int id, String why) {
    log.warn(CLIENT_ERROR, why);
    Http2Headers answer =
        new DefaultHttp2Headers()
            .status("200")
            .add("content-type", "application/grpc")
            .addInt("grpc-status", INVALID_ARGUMENT)
            .add("grpc-message", why);
    ChannelFuture written =
        handler.encoder().writeHeaders(context, id, answer, 0, true, context.newPromise());
    Http2Stream stream = handler.connection().stream(id);
    if (stream != null) {
      // Its client need not send the rest.
      var _ =
          handler
              .encoder()
              .frameWriter()
              .writeRstStream(context, id, Http2Error.NO_ERROR.code(), context.newPromise());
      handler.closeStream(stream, written);
    }
  }
}
