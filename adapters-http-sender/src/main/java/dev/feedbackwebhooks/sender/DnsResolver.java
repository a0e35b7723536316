package dev.feedbackwebhooks.sender;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Asks the system's name servers and hosts file, and keeps answers for as long as they allow. */
final class DnsResolver implements NameResolver, AutoCloseable {
  /** Answers live no longer here than this, whatever they say: endpoints move. */
  private static final int LONGEST_TTL_SECONDS = 300;

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final DnsNameResolver resolver;

  /**
   * @param timeout for one question to one name server
   * @param servers to ask; the system's where there are none
   */
  DnsResolver(Duration timeout, List<InetSocketAddress> servers) {
    this.resolver =
        new DnsNameResolverBuilder(loop.next())
            .datagramChannelType(NioDatagramChannel.class)
            .socketChannelType(NioSocketChannel.class, true)
            // An endpoint's name is whole: it must never become one of a private search domain.
            .searchDomains(List.of())
            .queryTimeoutMillis(timeout.toMillis())
            .ttl(0, LONGEST_TTL_SECONDS)
            .negativeTtl(1)
            .nameServerProvider(
                servers.isEmpty()
                    ? DnsServerAddressStreamProviders.platformDefault()
                    : new SequentialDnsServerAddressStreamProvider(servers))
            .build();
  }

  @Override
  public CompletionStage<List<InetAddress>> resolve(String name) {
    CompletableFuture<List<InetAddress>> addresses = new CompletableFuture<>();
    Future<List<InetAddress>> answer = resolver.resolveAll(name);
    if (answer.isDone()) {
      // Known already: no way over the resolver's own thread.
      copy(answer, addresses);
    } else {
      answer.addListener((Future<List<InetAddress>> done) -> copy(done, addresses));
    }
    return addresses;
  }

  private static void copy(
      Future<List<InetAddress>> answer, CompletableFuture<List<InetAddress>> addresses) {
    if (answer.isSuccess()) {
      addresses.complete(List.copyOf(answer.getNow()));
    } else {
      addresses.completeExceptionally(answer.cause());
    }
  }

  @Override
  public void close() {
    resolver.close();
    var _ = loop.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS);
  }
}
