package dev.feedbackwebhooks.app.lifecycle;

import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import com.google.inject.name.Names;
import dev.feedbackwebhooks.app.logs.Logs;
import dev.feedbackwebhooks.app.metrics.StoreMetrics;
import dev.feedbackwebhooks.app.ops.OpsServer;
import dev.feedbackwebhooks.app.ops.Readiness;
import dev.feedbackwebhooks.app.options.Settings;
import dev.feedbackwebhooks.app.traces.Tracing;
import dev.feedbackwebhooks.domain.delivery.DeliveryReads;
import dev.feedbackwebhooks.domain.engine.DeliveryEngine;
import dev.feedbackwebhooks.domain.health.EndpointHealthMonitor;
import dev.feedbackwebhooks.domain.node.Nodes;
import dev.feedbackwebhooks.domain.node.RemoteChanges;
import dev.feedbackwebhooks.domain.replay.ReplayRunner;
import dev.feedbackwebhooks.domain.retention.RetentionSweep;
import dev.feedbackwebhooks.grpc.GrpcModule;
import dev.feedbackwebhooks.grpc.server.GrpcServer;
import dev.feedbackwebhooks.sender.SenderModule;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running server: how it starts, and how it ends without losing anything. */
public final class Server implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Server.class);
  private static final AtomicBoolean running = new AtomicBoolean();

  /** Attempts in flight may take this long to end; what does not is sent again later. */
  private static final Duration DRAIN = Duration.ofSeconds(20);

  private static final Key<CompletionStage<String>> STORE_DAMAGED =
      Key.get(new TypeLiteral<>() {}, Names.named("storeDamaged"));

  private static final Key<Runnable> STORE_PROBE =
      Key.get(Runnable.class, Names.named("storeProbe"));

  private static final Key<Runnable> STORE_UPKEEP =
      Key.get(Runnable.class, Names.named("storeUpkeep"));

  private final Injector injector;
  private final Settings settings;

  private Server(Settings settings, Injector injector) {
    this.settings = settings;
    this.injector = injector;
  }

  /** Whether a server runs in this process, until a signal ends it. */
  public static boolean isRunning() {
    return running.get();
  }

  /**
   * Starts the server and says on standard output where it listens.
   *
   * @throws StartFailure if it cannot, whatever the reason: the process is to end then
   */
  public static Server start(Settings settings, InstantSource clock) throws StartFailure {
    try {
      Server server =
          new Server(
              settings,
              Guice.createInjector(
                  new AppModule(settings, clock),
                  settings.storage().module(),
                  new SenderModule(settings.sender()),
                  new GrpcModule(settings.grpc())));
      server.begin();
      return server;
    } catch (IOException | RuntimeException | Error e) {
      running.set(false);
      throw new StartFailure(e);
    }
  }

  private void begin() throws IOException {
    get(OpsServer.class).start();
    if (settings.storage().isShared()) {
      get(RemoteChanges.class).start();
      get(EngineThreads.class).tick(get(RemoteChanges.class)::tick);
    }
    DeliveryEngine engine = get(DeliveryEngine.class);
    get(EndpointHealthMonitor.class).start();
    engine.start().toCompletableFuture().join();
    get(EngineThreads.class).tick(engine::tick);
    if (settings.storage().isShared()) {
      get(EngineThreads.class)
          .tick(new Ticker(get(Nodes.class), engine, get(InstantSource.class))::tick);
    }
    get(EngineThreads.class).tick(get(RetentionSweep.class)::tick);
    get(ReplayRunner.class).start();
    get(EngineThreads.class).tick(get(ReplayRunner.class)::tick);
    get(GrpcServer.class).start();
    Readiness readiness = get(Readiness.class);
    readiness.onChange(get(GrpcServer.class)::serving);
    readiness.listening(true);
    var _ = injector.getInstance(STORE_DAMAGED).thenAccept(readiness::damaged);
    get(EngineThreads.class).everySecond(this::look);
    get(EngineThreads.class).everySecond(injector.getInstance(STORE_UPKEEP));
    running.set(true);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::endBySignal));
    log.atInfo()
        .addKeyValue("database", settings.storage().name())
        .addKeyValue("grpc", text(get(GrpcServer.class).address()))
        .addKeyValue("ops", text(get(OpsServer.class).address()))
        .log("listening");
    System.out.println(
        "ready grpc="
            + text(get(GrpcServer.class).address())
            + " ops="
            + text(get(OpsServer.class).address()));
  }

  /** A store that failed is tried, or nobody would send what finds out that it writes again. */
  private void look() {
    if (get(Readiness.class).isFailing()) {
      injector.getInstance(STORE_PROBE).run();
    }
    get(StoreMetrics.class).look(get(DeliveryReads.class));
    get(EndpointHealthMonitor.class).look(get(InstantSource.class).instant());
    Logs.CLIENT_ERRORS.report(get(InstantSource.class).instant());
  }

  /**
   * SIGTERM is no failure: after a drain the process ends with status 0. A start that failed at its
   * very end is one.
   */
  private void endBySignal() {
    close();
    Logs.flush();
    Runtime.getRuntime().halt(isRunning() ? 0 : 1);
  }

  @Override
  public void close() {
    log.info("draining: no new events, attempts in flight end");
    get(Readiness.class).listening(false);
    get(GrpcServer.class).stopAccepting();
    get(RetentionSweep.class).stop();
    get(ReplayRunner.class).stop();
    try {
      get(DeliveryEngine.class)
          .drain()
          .toCompletableFuture()
          .get(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
      log.info("drained");
    } catch (TimeoutException _) {
      log.warn("some attempts did not end in time; they are made again after the next start");
      get(DeliveryEngine.class).abandon().toCompletableFuture().join();
    } catch (InterruptedException | ExecutionException e) {
      log.warn("the drain failed", e);
    }
    keepHealth();
    closeAll();
  }

  /** A store that cannot write now has said so: the end waits no longer than for a drain. */
  private void keepHealth() {
    try {
      get(EndpointHealthMonitor.class)
          .flush(get(InstantSource.class).instant())
          .toCompletableFuture()
          .get(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | InterruptedException | ExecutionException e) {
      log.warn("the last failures of endpoints were not written", e);
    }
  }

  private void closeAll() {
    closeQuietly(get(GrpcServer.class));
    get(RemoteChanges.class).stop();
    get(EngineThreads.class).stopTicking();
    closeQuietly(named("sender"));
    closeQuietly(named("store"));
    closeQuietly(get(Tracing.class));
    closeQuietly(get(EngineThreads.class));
    closeQuietly(get(OpsServer.class));
  }

  private void closeQuietly(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      log.warn("a part of the server did not close", e);
    }
  }

  private AutoCloseable named(String name) {
    return injector.getInstance(Key.get(AutoCloseable.class, Names.named(name)));
  }

  private <T> T get(Class<T> type) {
    return injector.getInstance(type);
  }

  private static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (address.getAddress() instanceof Inet6Address ? "[" + host + "]" : host)
        + ":"
        + address.getPort();
  }
}
