package dev.feedbackwebhooks.app.ops;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 listener for metrics, health and keys. Whoever reaches it has no name, so each
 * connection is for one request, and its number, the size of a head and all times have bounds: what
 * it can take of the process stays below a few dozen MiB.
 */
public final class OpsListener implements AutoCloseable, OpsConnection.Listener {
  /**
   * At the same time. One more ends the oldest one, of those without a request if there are any.
   */
  static final int MOST_CONNECTIONS = 128;

  private static final int MOST_LINE_BYTES = 4_096;
  private static final int MOST_HEADER_BYTES = 8_192;

  /** The server's certificate and its key, PEM. */
  public record Tls(Path certificates, Path privateKey) {}

  private final InetSocketAddress address;
  private final Optional<Tls> tls;
  private final Function<String, OpsAnswer> routes;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("ops", true), NioIoHandler.newFactory());

  /** In the order of their beginning; for the event loop only. */
  private final Set<OpsConnection> open = new LinkedHashSet<>();

  private @Nullable Channel channel;

  /**
   * @param address port 0 takes a free one
   * @param routes answers by the path of a request; may block
   */
  public OpsListener(
      InetSocketAddress address, Optional<Tls> tls, Function<String, OpsAnswer> routes) {
    this.address = address;
    this.tls = tls;
    this.routes = routes;
  }

  /** Begins to listen. */
  public void start() throws IOException {
    @Nullable SslContext context = tls.isPresent() ? context(tls.get()) : null;
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel connection) {
                    prepare(connection, context);
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      var _ = loop.shutdownGracefully();
      throw new IOException("--ops-address: " + bound.cause().getMessage(), bound.cause());
    }
    channel = bound.channel();
  }

  private static SslContext context(Tls tls) throws IOException {
    try {
      return SslContextBuilder.forServer(tls.certificates().toFile(), tls.privateKey().toFile())
          .build();
    } catch (SSLException | IllegalArgumentException e) {
      throw new IOException(
          "--tls-cert and --tls-key: cannot be used at --ops-address: " + e.getMessage(), e);
    }
  }

  private void prepare(Channel connection, @Nullable SslContext context) {
    ChannelPipeline pipeline = connection.pipeline();
    if (context != null) {
      pipeline.addLast(context.newHandler(connection.alloc()));
    }
    pipeline.addLast(
        new HttpServerCodec(
            new HttpDecoderConfig()
                .setMaxInitialLineLength(MOST_LINE_BYTES)
                .setMaxHeaderSize(MOST_HEADER_BYTES)));
    pipeline.addLast(new OpsConnection(this, connection));
  }

  @Override
  public void opened(OpsConnection connection) {
    if (open.size() >= MOST_CONNECTIONS) {
      open.stream()
          .filter(OpsConnection::awaitsRequest)
          .findFirst()
          .or(() -> open.stream().findFirst())
          .ifPresent(OpsConnection::end);
    }
    open.add(connection);
  }

  @Override
  public void closed(OpsConnection connection) {
    open.remove(connection);
  }

  @Override
  public OpsAnswer answer(String path) {
    return routes.apply(path);
  }

  @Override
  public void execute(Runnable task) {
    threads.execute(task);
  }

  /** The address that it listens at, once it is started. */
  public InetSocketAddress address() {
    return (InetSocketAddress) Objects.requireNonNull(channel, "start it first").localAddress();
  }

  @Override
  public void close() {
    var _ = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    threads.shutdownNow();
  }
}
