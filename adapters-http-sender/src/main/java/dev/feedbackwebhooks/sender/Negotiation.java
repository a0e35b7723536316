package dev.feedbackwebhooks.sender;

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
  private final EndpointPool pool;
  private final int timeoutMillis;
  private boolean over;

  Negotiation(EndpointPool pool, int timeoutMillis) {
    this.pool = pool;
    this.timeoutMillis = timeoutMillis;
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
    String protocol = ctx.pipeline().get(SslHandler.class).applicationProtocol();
    if (ApplicationProtocolNames.HTTP_2.equals(protocol)) {
      Http2Session.begin(ctx.channel(), pool, timeoutMillis);
      ctx.pipeline().remove(this);
    } else {
      Http1Connection connection = Http1Connection.begin(ctx.channel(), pool);
      ctx.pipeline().remove(this);
      pool.opened(connection);
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
      pool.failed(cause);
      var _ = ctx.close();
    }
  }
}
