package dev.feedbackwebhooks.grpc.server;

import dev.feedbackwebhooks.grpc.call.CallTrace;
import dev.feedbackwebhooks.grpc.call.Connections;
import dev.feedbackwebhooks.grpc.call.OpenCalls;
import dev.feedbackwebhooks.grpc.call.PartialMessages;
import io.grpc.BindableService;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.TlsServerCredentials;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionService;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** The listening server: the services, health checks and reflection. */
public final class GrpcServer implements AutoCloseable {
  /** Promised to callers; gRPC refuses more, before it is in memory. */
  private static final int MOST_MESSAGE_BYTES = 4 << 20;

  private static final int MOST_METADATA_BYTES = 16 << 10;
  private static final int CALLS_PER_CONNECTION = 200;
  private static final int PING_SECONDS = 30;
  private static final int LEAST_PING_SECONDS = 5;

  /** For clients to take what their streams end with. */
  private static final Duration STREAMS_END = Duration.ofSeconds(2);

  /** For connections to close once their calls are answered, and again once they are ended. */
  private static final int CLOSE_SECONDS = 2;

  /** The bytes that a caller may send ahead on a connection, and on each of its streams. */
  private static final int WINDOW_BYTES = 1 << 20;

  private static final long MOST_PARTIAL_BYTES = 64L << 20;

  /** Calls that a client may begin and abandon: more ends its connection (CVE-2023-44487). */
  private static final int RESETS_PER_WINDOW = 200;

  private static final int RESET_WINDOW_SECONDS = 30;

  private final GrpcSettings settings;
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
  private final Server server;
  private final HealthStatusManager health = new HealthStatusManager();
  private final Connections places;
  private final OpenCalls calls;

  /**
   * @throws IllegalArgumentException if the TLS files cannot be used
   */
  public GrpcServer(
      GrpcSettings settings,
      List<ServerServiceDefinition> services,
      ServerInterceptor interceptor,
      ServerStreamTracer.Factory tracers,
      Executor executor) {
    this.settings = settings;
    this.places =
        new Connections(settings.connections().most(), settings.connections().handshake());
    this.calls = new OpenCalls(places);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(
                settings.address(), GuardedHandler.guard(credentials(settings)))
            .executor(executor)
            .intercept(new CallTrace())
            .intercept(interceptor)
            // The last one is the outermost.
            .intercept(calls)
            .addStreamTracerFactory(tracers)
            .addService(health.getHealthService());
    bound(builder, settings.connections());
    if (settings.reflection()) {
      builder.addService(ProtoReflectionServiceV1.newInstance()).addService(reflectionV1Alpha());
    }
    services.forEach(builder::addService);
    this.server = builder.build();
  }

  /** Bounds what a client can take of the server. */
  private void bound(NettyServerBuilder builder, GrpcSettings.Connections connections) {
    builder
        .bossEventLoopGroup(loops)
        .workerEventLoopGroup(loops)
        .channelFactory(() -> limited(places))
        .maxInboundMessageSize(MOST_MESSAGE_BYTES)
        .maxInboundMetadataSize(MOST_METADATA_BYTES)
        .flowControlWindow(WINDOW_BYTES)
        .addStreamTracerFactory(new PartialMessages(MOST_PARTIAL_BYTES))
        .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
        .maxRstFramesPerWindow(RESETS_PER_WINDOW, RESET_WINDOW_SECONDS)
        .handshakeTimeout(connections.handshake().toMillis(), TimeUnit.MILLISECONDS)
        .maxConnectionIdle(connections.idle().toMillis(), TimeUnit.MILLISECONDS)
        .maxConnectionAge(connections.age().toMillis(), TimeUnit.MILLISECONDS)
        .maxConnectionAgeGrace(connections.grace().toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(PING_SECONDS, TimeUnit.SECONDS)
        .permitKeepAliveTime(LEAST_PING_SECONDS, TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true);
  }

  private static ServerChannel limited(Connections places) {
    ServerChannel channel =
        Epoll.isAvailable() ? new EpollServerSocketChannel() : new NioServerSocketChannel();
    channel.pipeline().addLast(places);
    return channel;
  }

  /** Begins to listen, and says so to health checks. */
  public void start() throws IOException {
    try {
      server.start();
    } catch (IOException e) {
      throw new IOException("cannot listen at " + settings.address() + ": " + reason(e), e);
    }
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
  }

  /** The address that it listens at, once it does. */
  public InetSocketAddress address() {
    return (InetSocketAddress) server.getListenSockets().getFirst();
  }

  /** Says to health checks whether it is of use, and goes on in any case. */
  public void serving(boolean ready) {
    health.setStatus(
        HealthStatusManager.SERVICE_NAME_ALL_SERVICES,
        ready ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
  }

  /**
   * Takes no new call, and ends streams with their status once what they are owed is sent. Unary
   * calls that run are answered.
   */
  public void stopAccepting() {
    health.enterTerminalState();
    calls.stop();
    try {
      // Trailers first: what comes behind the connection's end is lost.
      calls.awaitStreams(STREAMS_END);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    server.shutdown();
  }

  /** Ends the calls that still run. */
  @Override
  public void close() {
    try {
      // A connection closes once its client has confirmed that it has read all.
      if (!server.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        calls.endAll();
        server.awaitTermination(1, TimeUnit.SECONDS);
      }
      server.shutdownNow();
      server.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      server.shutdownNow();
    }
    var _ = loops.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
  }

  /** Deprecated in favour of v1, but what many clients of today ask for. */
  @SuppressWarnings("deprecation")
  private static BindableService reflectionV1Alpha() {
    return ProtoReflectionService.newInstance();
  }

  private static ServerCredentials credentials(GrpcSettings settings) {
    if (settings.tls().isEmpty()) {
      return InsecureServerCredentials.create();
    }
    GrpcSettings.Tls tls = settings.tls().get();
    try {
      TlsServerCredentials.Builder credentials =
          TlsServerCredentials.newBuilder()
              .keyManager(tls.certificates().toFile(), tls.privateKey().toFile());
      if (tls.clientCa().isPresent()) {
        credentials
            .trustManager(tls.clientCa().get().toFile())
            .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE);
      }
      return credentials.build();
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "--tls-cert, --tls-key or --tls-client-ca: " + reason(e), e);
    }
  }

  private static String reason(IOException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return String.valueOf(cause.getMessage());
  }
}
