package dev.feedbackwebhooks.faults;

import dev.feedbackwebhooks.faults.Store.PostgresDatabase;
import dev.feedbackwebhooks.faults.Store.SqliteFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One store, who streams events to its server, and the endpoint that they go to. */
final class World implements AutoCloseable {
  /**
   * As short as slow machines allow: a lease lapses in 10 s, what failed is tried again for as long
   * as any fault may last.
   */
  private static final List<String> HASTY =
      List.of(
          "--grpc-address=127.0.0.1:0",
          "--ops-address=127.0.0.1:0",
          "--egress-allow=127.0.0.0/8",
          "--connect-timeout=2s",
          "--attempt-timeout=4s",
          "--lease=10s",
          "--retry-schedule=200ms,500ms" + ",1s".repeat(30) + ",10s".repeat(18));

  /** At one settlement a second, what a fault leaves unwritten would take longer. */
  private static final Duration SETTLED_WITHIN = Duration.ofMinutes(2);

  private final List<String> jvm;
  private final Path directory;
  private final Store store;
  private final Oracle oracle = new Oracle();
  private final Endpoint endpoint;
  private final Pipeline pipeline;
  private final Customer customer;
  private @Nullable ServerProcess server;

  /**
   * @param jvm options of the JVMs of its servers
   */
  World(Path directory, String name, List<String> jvm, Store store) throws Exception {
    this.jvm = jvm;
    this.directory = directory;
    this.store = store;
    this.endpoint = Endpoint.start(directory, oracle);
    this.pipeline = new Pipeline(name, oracle);
    this.customer = new Customer(endpoint);
  }

  Path directory() {
    return directory;
  }

  Store store() {
    return store;
  }

  /** What the server writes to, if it writes to a file. */
  Path data() {
    return Objects.requireNonNull(database().getParent());
  }

  /** Its file, if it writes to one. */
  Path database() {
    return switch (store) {
      case SqliteFile(Path file) -> file;
      case PostgresDatabase _ -> throw new IllegalStateException("the store is no file");
    };
  }

  Oracle oracle() {
    return oracle;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  Pipeline pipeline() {
    return pipeline;
  }

  Customer customer() {
    return customer;
  }

  ServerProcess server() {
    return Objects.requireNonNull(server, "no server runs");
  }

  /** A server of this world's database, as it is packaged. */
  Launch launch(String... more) {
    List<String> settings = new ArrayList<>(HASTY);
    settings.add("--egress-ca=" + endpoint.ca());
    settings.add("--database=" + store.url());
    if (store instanceof PostgresDatabase postgres) {
      settings.add("--secret-key-file=" + postgres.key());
    }
    settings.addAll(List.of(more));
    return Launch.packaged(jvm, settings);
  }

  ServerProcess spawn(Launch launch) throws IOException {
    return ServerProcess.spawn(directory.resolve("stderr.txt"), launch);
  }

  void start() throws Exception {
    start(launch());
  }

  /** Starts the server, with its customer, and lets events come. */
  void start(Launch launch) throws Exception {
    adopt(spawn(launch));
  }

  /** Takes a server that was just started for this world's. */
  void adopt(ServerProcess started) throws Exception {
    server = started;
    if (!started.awaitReady()) {
      throw new RigException("the server did not start: " + started.log());
    }
    customer.setUp(started);
    pipeline.to(started.grpc());
  }

  /** Lets no more events come, and waits for the answers to those that came. */
  void pause() throws Exception {
    pipeline.to("");
    Await.until("the last answers", pipeline::isIdle);
  }

  void goOn() {
    pipeline.to(server().grpc());
  }

  void kill() {
    server().kill();
    pipeline.to("");
  }

  /** SIGTERM. */
  void stop() throws InterruptedException {
    server().stop();
    pipeline.to("");
  }

  /** Starts a server that must not run, and must say why in words that contain {@code why}. */
  void expectRefusal(Launch launch, String why) throws Exception {
    Path log = directory.resolve("refused-" + System.nanoTime() + ".txt");
    try (ServerProcess refused = ServerProcess.spawn(log, launch)) {
      if (refused.awaitReady()) {
        oracle.broken("(server)", "started, and was to say: " + why);
        return;
      }
      Integer status = refused.exitStatus();
      if (status == null || status == 0 || !refused.log().contains(why)) {
        oracle.broken(
            "(server)", "ended with " + status + " and not with " + why + ": " + refused.log());
      }
    }
  }

  /** Waits until so many more events are acknowledged. */
  void awaitAcknowledged(int more) throws Exception {
    int before = oracle.count().acknowledged();
    Await.progress(
        "events to be acknowledged", () -> more - (oracle.count().acknowledged() - before));
  }

  /**
   * Waits until all that is acknowledged by now is delivered, as long as the number of what is
   * missing falls. What never comes is lost unless it is still listed.
   */
  void awaitDelivered() throws Exception {
    if (!server().isAlive()) {
      oracle.broken("(server)", "ended by itself: " + server().log());
      return;
    }
    Set<String> promised = oracle.undelivered();
    try {
      Await.progress("events to be delivered", () -> oracle.missing(promised));
    } catch (RigException late) {
      Missing.tell(oracle, promised, server(), late);
    }
  }

  /**
   * Lets no more events come, and waits until nothing is waiting any more by the server's own
   * count: what endpoints answered while the store could not write has been written down.
   */
  void awaitSettled() throws Exception {
    pause();
    long end = System.nanoTime() + SETTLED_WITHIN.toNanos();
    for (long left = customer.waiting(server()); left > 0; left = customer.waiting(server())) {
      if (System.nanoTime() > end) {
        oracle.broken(
            "(server)",
            left
                + " deliveries wait "
                + SETTLED_WITHIN.toSeconds()
                + " s after the store's return");
        return;
      }
      Thread.sleep(100);
    }
  }

  /** Lets no more events come, and what came arrive. */
  void finish() throws Exception {
    pause();
    awaitDelivered();
  }

  /** Whether its server was started, and not stopped since. */
  boolean isServed() {
    return server != null && server.isAlive();
  }

  @Override
  public void close() {
    pipeline.close();
    if (server != null) {
      server.close();
    }
    endpoint.close();
  }
}
