package dev.feedbackwebhooks.sender.http;

import dev.feedbackwebhooks.sender.tls.ClientCertificateRequests;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.channels.ClosedChannelException;

/**
 * Waits for the end of the TLS handshake, and sets the connection up for the HTTP that it chose.
 */
final class Negotiation extends ChannelInboundHandlerAdapter {
  private final Opening opening;
  private final int timeoutMillis;
  private final long begunAt;
  private long connectedAt;
  private boolean over;

  /**
   * @param begunAt when the connection was, on the monotonic clock
   */
  Negotiation(Opening opening, int timeoutMillis, long begunAt) {
    this.opening = opening;
    this.timeoutMillis = timeoutMillis;
    this.begunAt = begunAt;
  }

  /** By a proxy's tunnel it is connected already. */
  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    if (ctx.channel().isActive()) {
      connectedAt = System.nanoTime();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    connectedAt = System.nanoTime();
    ctx.fireChannelActive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake && !over) {
      if (handshake.isSuccess()) {
        over = true;
        begin(ctx);
      } else {
        fail(ctx, handshake.cause());
      }
    }
  }

  private void begin(ChannelHandlerContext ctx) {
    opening.pool().asksForCertificate(ClientCertificateRequests.askedOn(ctx.channel()));
    ConnectionTimes times = ConnectionTimes.ready(begunAt, connectedAt, System.nanoTime());
    String protocol = ctx.pipeline().get(SslHandler.class).engine().getApplicationProtocol();
    if (ApplicationProtocolNames.HTTP_2.equals(protocol)) {
      Http2Session.begin(ctx.channel(), opening.pool(), opening, times, timeoutMillis);
      ctx.pipeline().remove(this);
    } else {
      Http1Connection connection = Http1Connection.begin(ctx.channel(), opening.pool(), times);
      ctx.pipeline().remove(this);
      opening.opened(connection);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    fail(ctx, new ClosedChannelException());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(ctx, cause);
  }

  private void fail(ChannelHandlerContext ctx, Throwable cause) {
    if (!over) {
      over = true;
      opening.failed(
          ClientCertificateRequests.reason(ctx.channel(), cause),
          connectedAt == 0 ? ConnectionTimes.NONE : ConnectionTimes.insecure(begunAt, connectedAt));
      var _ = ctx.close();
    }
  }
}
