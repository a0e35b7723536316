package dev.feedbackwebhooks.app.ops;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to the operators' port: it answers one request and ends. What a client does wrong
 * is answered where that is possible, and logged nowhere.
 */
final class OpsConnection extends SimpleChannelInboundHandler<HttpObject> {
  /** For TLS and the head of the request, from the beginning of the connection. */
  private static final Duration HEAD = Duration.ofSeconds(10);

  /** For all of it, the reading of the answer included. */
  private static final Duration WHOLE = Duration.ofSeconds(30);

  /** To whom it belongs; hears of it by the event loop. */
  interface Listener {
    void opened(OpsConnection connection);

    void closed(OpsConnection connection);

    OpsAnswer answer(String path);

    /** Runs what may block. */
    void execute(Runnable task);
  }

  private static final Logger log = LoggerFactory.getLogger(OpsConnection.class);
  private static final OpsAnswer FAILED = OpsAnswer.text(500, "this failed; see the log\n");

  private static final OpsAnswer OTHER_METHOD =
      new OpsAnswer(
          405, "text/plain", Map.of("allow", "GET, HEAD"), "the methods are GET and HEAD\n");

  private final Listener listener;
  private final Channel channel;
  private boolean requested;

  OpsConnection(Listener listener, Channel channel) {
    this.listener = listener;
    this.channel = channel;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    listener.opened(this);
    endAfter(HEAD, true);
    endAfter(WHOLE, false);
  }

  private void endAfter(Duration time, boolean ifItAwaitsARequest) {
    var timer =
        channel
            .eventLoop()
            .schedule(
                () -> {
                  if (!ifItAwaitsARequest || awaitsRequest()) {
                    end();
                  }
                },
                time.toMillis(),
                TimeUnit.MILLISECONDS);
    var _ = channel.closeFuture().addListener(_ -> timer.cancel(false));
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    listener.closed(this);
  }

  boolean awaitsRequest() {
    return !requested;
  }

  void end() {
    listener.closed(this);
    var _ = channel.close();
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, HttpObject part) {
    if (requested || !(part instanceof HttpRequest request)) {
      // What follows the head is of no use here.
      return;
    }
    requested = true;
    var _ = channel.config().setAutoRead(false);
    if (request.decoderResult().isFailure()) {
      write(malformed(request.decoderResult().cause()));
    } else if (!request.method().equals(HttpMethod.GET)
        && !request.method().equals(HttpMethod.HEAD)) {
      write(OTHER_METHOD);
    } else {
      String uri = request.uri();
      listener.execute(() -> write(answer(uri)));
    }
  }

  private static OpsAnswer malformed(Throwable cause) {
    return switch (cause) {
      case TooLongHttpLineException _ -> OpsAnswer.text(414, "the request line is too long\n");
      case TooLongHttpHeaderException _ -> OpsAnswer.text(431, "the headers are too large\n");
      default -> OpsAnswer.text(400, "this is no request of HTTP/1.1\n");
    };
  }

  private OpsAnswer answer(String uri) {
    String path;
    try {
      path = new QueryStringDecoder(uri).path();
    } catch (IllegalArgumentException _) {
      return OpsAnswer.text(400, "the path is malformed\n");
    }
    try {
      return listener.answer(path);
    } catch (RuntimeException e) {
      log.warn("a request to the operators' port failed", e);
      return FAILED;
    }
  }

  private void write(OpsAnswer answer) {
    ByteBuf body = ByteBufUtil.writeUtf8(channel.alloc(), answer.text());
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()), body);
    answer.headers().forEach(response.headers()::set);
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.type());
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
    response.headers().set(HttpHeaderNames.CONNECTION, "close");
    var _ = channel.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    end();
  }
}
