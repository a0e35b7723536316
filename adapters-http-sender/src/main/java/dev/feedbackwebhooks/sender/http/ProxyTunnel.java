package dev.feedbackwebhooks.sender.http;

import static dev.feedbackwebhooks.domain.attempt.AttemptFailure.PROXY_FAILED;
import static dev.feedbackwebhooks.domain.attempt.AttemptFailure.PROXY_TIMEOUT;

import dev.feedbackwebhooks.domain.key.Secret;
import dev.feedbackwebhooks.sender.egress.Destination;
import dev.feedbackwebhooks.sender.judge.ExchangeException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks a proxy for a way to the admitted address, and makes room for TLS once there is one (RFC
 * 9110 section 9.3.6). The proxy is told the address and not the name: it must not find another
 * one. Any answer but 200 is a refusal, and only its status is read.
 */
final class ProxyTunnel extends ChannelInboundHandlerAdapter {
  /** The limits of the head of its answer, for a line and for all. */
  private static final int MOST_LINE_BYTES = 4 * 1024;

  private static final int MOST_HEADER_BYTES = 16 * 1024;
  private static final int MOST_CHUNK_BYTES = 8 * 1024;

  private final Destination to;
  private final Optional<Secret> credentials;
  private final Opening opening;
  private final int timeoutMillis;
  private final Runnable begin;
  private @Nullable Future<?> timeout;
  private boolean granted;
  private boolean over;

  /**
   * @param timeoutMillis from the connection on
   * @param begin adds what speaks through the tunnel to the pipeline
   */
  ProxyTunnel(Opening opening, Optional<Secret> credentials, int timeoutMillis, Runnable begin) {
    this.to = opening.pool().destination();
    this.credentials = credentials;
    this.opening = opening;
    this.timeoutMillis = timeoutMillis;
    this.begin = begin;
  }

  /** The codec that comes first on a connection to a proxy. */
  static HttpClientCodec codec() {
    return new HttpClientCodec(MOST_LINE_BYTES, MOST_HEADER_BYTES, MOST_CHUNK_BYTES);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    String authority =
        NetUtil.toSocketAddressString(new InetSocketAddress(to.address(), to.port()));
    var connect = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.CONNECT, authority);
    connect.headers().set(HttpHeaderNames.HOST, authority);
    credentials.ifPresent(secret ->
        connect
            .headers()
            .set(
                HttpHeaderNames.PROXY_AUTHORIZATION,
                "Basic " + Base64.getEncoder().encodeToString(secret.reveal())));
    timeout =
        ctx.executor()
            .schedule(
                () -> fail(ctx, new ExchangeException(PROXY_TIMEOUT)),
                timeoutMillis,
                TimeUnit.MILLISECONDS);
    var _ = ctx.writeAndFlush(connect);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (!over) {
        read(ctx, message);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void read(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpResponse answer) {
      int status = answer.status().code();
      granted = status == 200 && answer.decoderResult().isSuccess();
      if (answer.decoderResult().isFailure()) {
        fail(ctx, failed("the egress proxy's answer is not HTTP"));
      } else if (!granted) {
        fail(ctx, failed("the egress proxy answered HTTP " + status));
      }
    }
    if (granted && message instanceof LastHttpContent) {
      over = true;
      stopWaiting();
      // First: TLS speaks as soon as it is there, and this would take it for HTTP.
      ctx.pipeline().remove(HttpClientCodec.class);
      begin.run();
      ctx.pipeline().remove(this);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail(ctx, failed("the egress proxy closed the connection"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(ctx, failed("the connection to the egress proxy broke off"));
  }

  private void fail(ChannelHandlerContext ctx, ExchangeException cause) {
    if (!over) {
      over = true;
      stopWaiting();
      opening.failed(cause, ConnectionTimes.NONE);
      var _ = ctx.close();
    }
  }

  private void stopWaiting() {
    if (timeout != null) {
      timeout.cancel(false);
    }
  }

  static ExchangeException failed(String detail) {
    return new ExchangeException(PROXY_FAILED, detail, null);
  }

  /** Why there is no connection to the proxy itself. */
  static ExchangeException unreachable(Throwable cause) {
    return switch (cause) {
      case ConnectTimeoutException _ -> new ExchangeException(PROXY_TIMEOUT);
      case ConnectException _ -> failed("the egress proxy refused the connection");
      default -> failed("no connection to the egress proxy could be made");
    };
  }
}
