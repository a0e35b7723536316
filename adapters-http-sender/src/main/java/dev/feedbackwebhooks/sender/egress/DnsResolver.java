package dev.feedbackwebhooks.sender.egress;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.DefaultHostsFileEntriesResolver;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks the system's name servers and hosts file, and keeps answers for as long as they allow. IPv4
 * and IPv6 addresses are asked for at the same time. Where one kind has come, the other one is
 * waited for a moment only (RFC 8305, 3): some name servers leave AAAA questions unanswered.
 */
public final class DnsResolver implements NameResolver, AutoCloseable {
  /** Answers live no longer here than this, whatever they say: endpoints move. */
  private static final int LONGEST_TTL_SECONDS = 300;

  private static final long RESOLUTION_DELAY_MILLIS = 50;

  /** The time that an address family is not waited for after it was not answered. */
  private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final int MOST_SILENT = 10_000;

  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final DefaultHostsFileEntriesResolver hostsFile = new DefaultHostsFileEntriesResolver();
  private final Family v4;
  private final Family v6;

  /**
   * @param timeout for one question to one name server
   * @param servers to ask; the system's where there are none
   */
  public DnsResolver(Duration timeout, List<InetSocketAddress> servers) {
    this.v4 = new Family(resolver(timeout, servers, ResolvedAddressTypes.IPV4_ONLY));
    this.v6 = new Family(resolver(timeout, servers, ResolvedAddressTypes.IPV6_ONLY));
  }

  private DnsNameResolver resolver(
      Duration timeout, List<InetSocketAddress> servers, ResolvedAddressTypes types) {
    return new DnsNameResolverBuilder(loop.next())
        .datagramChannelType(NioDatagramChannel.class)
        .socketChannelType(NioSocketChannel.class, true)
        .resolvedAddressTypes(types)
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
    return resolve(name, _ -> {});
  }

  @Override
  public CompletionStage<List<InetAddress>> resolve(String name, Consumer<List<InetAddress>> late) {
    List<InetAddress> written = hostsFile.addresses(name, ResolvedAddressTypes.IPV4_PREFERRED);
    if (written != null && !written.isEmpty()) {
      return CompletableFuture.completedFuture(List.copyOf(written));
    }
    Lookup lookup = new Lookup(v4.ask(name), v6.ask(name), new CompletableFuture<>(), late);
    var _ = lookup.v4().whenComplete((_, _) -> came(name, lookup, lookup.v4(), v6));
    var _ = lookup.v6().whenComplete((_, _) -> came(name, lookup, lookup.v6(), v4));
    return lookup.result();
  }

  /** Both questions for a name, and who asked. */
  private record Lookup(
      CompletableFuture<List<InetAddress>> v4,
      CompletableFuture<List<InetAddress>> v6,
      CompletableFuture<List<InetAddress>> result,
      Consumer<List<InetAddress>> late) {
    /** Answers with all that is known. */
    void end() {
      List<InetAddress> both = new ArrayList<>(found(v4));
      both.addAll(found(v6));
      if (both.isEmpty()) {
        var _ = v4.whenComplete((_, failure) -> result.completeExceptionally(failure));
      } else {
        result.complete(both);
      }
    }

    /** Answers with what one family has, and tells of the other's when it comes. */
    void endBefore(CompletableFuture<List<InetAddress>> other) {
      if (endWithout(other)) {
        var _ = other.thenAccept(late);
      }
    }

    /** Answers with what one family has; who asks next gets what comes of the other. */
    @SuppressWarnings("ReferenceEquality") // which of the two it is
    boolean endWithout(CompletableFuture<List<InetAddress>> other) {
      return result.complete(found(other == v4 ? v6 : v4));
    }

    private static List<InetAddress> found(CompletableFuture<List<InetAddress>> family) {
      return family.isDone() && !family.isCompletedExceptionally() ? family.join() : List.of();
    }
  }

  @SuppressWarnings("ReferenceEquality") // which of the two it is
  private void came(
      String name, Lookup lookup, CompletableFuture<List<InetAddress>> one, Family otherFamily) {
    CompletableFuture<List<InetAddress>> other = one == lookup.v4() ? lookup.v6() : lookup.v4();
    if (other.isDone()) {
      lookup.end();
    } else if (!one.isCompletedExceptionally()) {
      if (otherFamily.isSilent(name)) {
        // What waits for an answer that may never come would keep all these attempts in memory.
        lookup.endWithout(other);
      } else {
        var _ =
            loop.next()
                .schedule(
                    () -> endWithout(name, lookup, other, otherFamily),
                    RESOLUTION_DELAY_MILLIS,
                    TimeUnit.MILLISECONDS);
      }
    }
  }

  private static void endWithout(
      String name, Lookup lookup, CompletableFuture<List<InetAddress>> other, Family silent) {
    if (!other.isDone()) {
      silent.silent(name);
      lookup.endBefore(other);
    }
  }

  /** The questions for one kind of address. */
  private static final class Family {
    private final DnsNameResolver resolver;
    private final ConcurrentHashMap<String, CompletableFuture<List<InetAddress>>> asked =
        new ConcurrentHashMap<>();

    /** Names whose question was not answered lately, until when that counts. */
    private final ConcurrentHashMap<String, Long> silent = new ConcurrentHashMap<>();

    Family(DnsNameResolver resolver) {
      this.resolver = resolver;
    }

    /** One question at a time for each name: those that nobody answers would pile up. */
    CompletableFuture<List<InetAddress>> ask(String name) {
      CompletableFuture<List<InetAddress>> fresh = new CompletableFuture<>();
      CompletableFuture<List<InetAddress>> before = asked.putIfAbsent(name, fresh);
      if (before != null) {
        return before;
      }
      Future<List<InetAddress>> known = resolver.resolveAll(name);
      if (known.isDone()) {
        // No way over the resolver's own thread.
        answer(name, known, fresh);
      } else {
        known.addListener((Future<List<InetAddress>> done) -> answer(name, done, fresh));
      }
      return fresh;
    }

    private void answer(
        String name, Future<List<InetAddress>> done, CompletableFuture<List<InetAddress>> asker) {
      asked.remove(name, asker);
      if (isTimeout(done.cause())) {
        silent(name);
      } else {
        silent.remove(name);
      }
      if (done.isSuccess()) {
        asker.complete(List.copyOf(done.getNow()));
      } else {
        asker.completeExceptionally(done.cause());
      }
    }

    private static boolean isTimeout(@Nullable Throwable failure) {
      return failure != null
          && (failure instanceof DnsNameResolverTimeoutException || isTimeout(failure.getCause()));
    }

    /** No answer came in time: for a while none is waited for. */
    void silent(String name) {
      if (silent.size() >= MOST_SILENT) {
        silent.clear();
      }
      silent.put(name, System.nanoTime() + SILENT_NANOS);
    }

    boolean isSilent(String name) {
      Long until = silent.get(name);
      return until != null && until - System.nanoTime() > 0;
    }
  }

  @Override
  public void close() {
    v4.resolver.close();
    v6.resolver.close();
    var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
