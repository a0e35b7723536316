package dev.feedbackwebhooks.app.lifecycle;

import com.google.inject.Guice;
import dev.feedbackwebhooks.app.logs.Logs;
import dev.feedbackwebhooks.app.ops.Readiness;
import dev.feedbackwebhooks.app.options.Settings;
import dev.feedbackwebhooks.domain.engine.DeliveryEngine;
import dev.feedbackwebhooks.grpc.GrpcModule;
import dev.feedbackwebhooks.sender.SenderModule;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
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

  private final Settings settings;
  private final ServerParts parts;

  private Server(Settings settings, ServerParts parts) {
    this.settings = settings;
    this.parts = parts;
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
                      new GrpcModule(settings.grpc()))
                  .getInstance(ServerParts.class));
      server.begin();
      return server;
    } catch (IOException | RuntimeException | Error e) {
      running.set(false);
      throw new StartFailure(e);
    }
  }

  private void begin() throws IOException {
    parts.ops().start();
    if (settings.storage().isShared()) {
      parts.remoteChanges().start();
      parts.threads().tick(parts.remoteChanges()::tick);
    }
    DeliveryEngine engine = parts.engine();
    parts.health().start();
    engine.start().toCompletableFuture().join();
    parts.threads().tick(engine::tick);
    if (settings.storage().isShared()) {
      parts.threads().tick(new Ticker(parts.nodes(), engine, parts.clock())::tick);
    }
    parts.threads().tick(parts.retention()::tick);
    parts.replays().start();
    parts.threads().tick(parts.replays()::tick);
    parts.grpc().start();
    Readiness readiness = parts.readiness();
    readiness.onChange(parts.grpc()::serving);
    readiness.listening(true);
    var _ = parts.store().damaged().thenAccept(readiness::damaged);
    parts.threads().everySecond(this::look);
    parts.threads().everySecond(() -> parts.store().keepUp(parts.clock().instant()));
    running.set(true);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::endBySignal));
    log.atInfo()
        .addKeyValue("database", settings.storage().name())
        .addKeyValue("grpc", text(parts.grpc().address()))
        .addKeyValue("ops", text(parts.ops().address()))
        .log("listening");
    System.out.println(
        "ready grpc=" + text(parts.grpc().address()) + " ops=" + text(parts.ops().address()));
  }

  /** A store that failed is tried, or nobody would send what finds out that it writes again. */
  private void look() {
    if (parts.readiness().isFailing()) {
      parts.store().probe();
    }
    parts.storeMetrics().look(parts.reads());
    parts.health().look(parts.clock().instant());
    Logs.CLIENT_ERRORS.report(parts.clock().instant());
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
    parts.readiness().listening(false);
    parts.grpc().stopAccepting();
    parts.retention().stop();
    parts.replays().stop();
    try {
      parts.engine().drain().toCompletableFuture().get(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
      log.info("drained");
    } catch (TimeoutException _) {
      log.warn("some attempts did not end in time; they are made again after the next start");
      parts.engine().abandon().toCompletableFuture().join();
    } catch (InterruptedException | ExecutionException e) {
      log.warn("the drain failed", e);
    }
    keepHealth();
    closeAll();
  }

  /** A store that cannot write now has said so: the end waits no longer than for a drain. */
  private void keepHealth() {
    try {
      parts
          .health()
          .flush(parts.clock().instant())
          .toCompletableFuture()
          .get(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | InterruptedException | ExecutionException e) {
      log.warn("the last failures of endpoints were not written", e);
    }
  }

  private void closeAll() {
    closeQuietly(parts.grpc());
    parts.remoteChanges().stop();
    parts.threads().stopTicking();
    closeQuietly(parts.sender());
    closeQuietly(parts.store());
    closeQuietly(parts.tracing());
    closeQuietly(parts.threads());
    closeQuietly(parts.ops());
  }

  private void closeQuietly(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      log.warn("a part of the server did not close", e);
    }
  }

  private static String text(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (address.getAddress() instanceof Inet6Address ? "[" + host + "]" : host)
        + ":"
        + address.getPort();
  }
}
