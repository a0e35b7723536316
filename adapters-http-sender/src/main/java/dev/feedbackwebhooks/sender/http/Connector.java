package dev.feedbackwebhooks.sender.http;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.sender.egress.Destination;
import dev.feedbackwebhooks.sender.egress.EgressGuard;
import dev.feedbackwebhooks.sender.egress.NameResolver;
import dev.feedbackwebhooks.sender.egress.ProxySettings;
import dev.feedbackwebhooks.sender.judge.ExchangeException;
import dev.feedbackwebhooks.sender.tls.TlsClient;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Opens connections: TCP to the admitted address, or by a proxy's tunnel to it, TLS in the
 * endpoint's name, HTTP by ALPN.
 */
final class Connector {
  private final Bootstrap tcp;
  private final NameResolver names;
  private final Optional<ProxySettings> proxy;
  private final TlsClient tls;
  private final int timeoutMillis;

  /**
   * @param names finds the proxy
   */
  Connector(SenderSettings settings, Class<? extends SocketChannel> socket, NameResolver names) {
    this.names = names;
    this.proxy = settings.proxy();
    this.timeoutMillis = Math.toIntExact(settings.connectTimeout().toMillis());
    this.tls = new TlsClient(settings.egressCa(), timeoutMillis);
    this.tcp =
        new Bootstrap()
            .channel(socket)
            .disableResolver()
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis);
  }

  /**
   * Tells the opening when the connection is ready, or that it will not be.
   *
   * @param closed runs in any case, when nothing of the connection is left
   */
  void connect(Opening opening, EventLoop loop, Runnable closed) {
    if (proxy.isPresent()) {
      connectBy(proxy.get(), opening, loop, closed);
    } else {
      Destination to = opening.pool().destination();
      open(opening, loop, new InetSocketAddress(to.address(), to.port()), closed)
          .addListener((ChannelFuture done) -> {
            if (!done.isSuccess()) {
              opening.failed(named(done.cause()), ConnectionTimes.NONE);
            }
          });
    }
  }

  private void connectBy(ProxySettings chosen, Opening opening, EventLoop loop, Runnable closed) {
    var _ =
        EgressGuard.addresses(chosen.host(), names)
            .whenCompleteAsync(
                (found, _) -> {
                  if (found == null) {
                    opening.failed(
                        ProxyTunnel.failed("no address was found for the egress proxy"),
                        ConnectionTimes.NONE);
                    closed.run();
                  } else {
                    open(opening, loop, at(found.getFirst(), chosen.port()), closed)
                        .addListener((ChannelFuture done) -> {
                          if (!done.isSuccess()) {
                            opening.failed(
                                ProxyTunnel.unreachable(done.cause()), ConnectionTimes.NONE);
                          }
                        });
                  }
                },
                loop);
  }

  private ChannelFuture open(
      Opening opening, EventLoop loop, InetSocketAddress peer, Runnable closed) {
    long begunAt = System.nanoTime();
    ChannelFuture connected =
        tcp.clone(loop)
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    proxy.ifPresentOrElse(
                        chosen -> tunnel(channel, opening, chosen, begunAt),
                        () -> begin(channel, opening, begunAt));
                  }
                })
            .connect(peer);
    connected.channel().closeFuture().addListener(_ -> closed.run());
    opening.on(connected.channel());
    return connected;
  }

  private void tunnel(SocketChannel channel, Opening opening, ProxySettings chosen, long begunAt) {
    channel
        .pipeline()
        .addLast(
            ProxyTunnel.codec(),
            new ProxyTunnel(
                opening,
                chosen.credentials(),
                timeoutMillis,
                () -> begin(channel, opening, begunAt)));
  }

  private void begin(SocketChannel channel, Opening opening, long begunAt) {
    channel
        .pipeline()
        .addLast(
            tls.handler(channel, opening.pool().destination(), opening.engine()),
            new Negotiation(opening, timeoutMillis, begunAt));
  }

  private static InetSocketAddress at(InetAddress address, int port) {
    return new InetSocketAddress(EgressGuard.nameless(address), port);
  }

  private static Throwable named(Throwable cause) {
    return cause instanceof ConnectException
        ? cause
        : new ExchangeException(
            AttemptFailure.CONNECT_FAILED,
            ExchangeException.text(AttemptFailure.CONNECT_FAILED),
            cause);
  }
}
