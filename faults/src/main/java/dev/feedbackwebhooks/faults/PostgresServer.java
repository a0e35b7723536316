package dev.feedbackwebhooks.faults;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A PostgreSQL on 127.0.0.1 that can be stopped, frozen and started again, as it was. */
final class PostgresServer implements AutoCloseable {
  private static final Duration STARTS_WITHIN = Duration.ofMinutes(3);

  private final Path data;
  private final EmbeddedPostgres server;

  private PostgresServer(Path data, EmbeddedPostgres server) {
    this.data = data;
    this.server = server;
  }

  static PostgresServer start(Path directory) throws IOException {
    // else it unpacks where others may have theirs, and stops what it takes for forgotten there
    System.setProperty("ot.epg.working-dir", directory.resolve("postgres-binaries").toString());
    Path data = directory.resolve("postgres-data");
    return new PostgresServer(
        data,
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setLocaleConfig("locale", "C")
            // made for tests, it switches off what makes a commit last
            .setServerConfig("fsync", "on")
            .setServerConfig("full_page_writes", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("listen_addresses", "127.0.0.1")
            .setServerConfig("unix_socket_directories", "''")
            .setPGStartupWait(STARTS_WITHIN)
            .start());
  }

  private ProcessHandle postmaster() throws IOException {
    String pid = Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip();
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  String url(String database) {
    return "postgresql://127.0.0.1:" + server.getPort() + "/" + database + "?user=postgres";
  }

  void createDatabase(String name) throws SQLException {
    run("CREATE DATABASE " + name);
  }

  /** Ends all connections to a database; who had one may come back at once. */
  void cut(String database) throws SQLException {
    run(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '"
            + database
            + "'");
  }

  private void run(String sql) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /**
   * Stops it, and waits for its end.
   *
   * @param signal {@code INT}: in order; {@code QUIT}: at once, so that it recovers from its log
   */
  void stop(String signal) throws Exception {
    ProcessHandle stopped = postmaster();
    var _ = Shell.run("kill", "-" + signal, String.valueOf(stopped.pid()));
    stopped.onExit().join();
  }

  /** Starts it again by the command that it noted, and waits until it takes connections. */
  void startAgain() throws Exception {
    List<String> command = new ArrayList<>();
    if (Shell.isRoot()) {
      // PostgreSQL does not run as root.
      command.addAll(List.of("unshare", "-U"));
    }
    command.addAll(
        List.of("sh", "-c", "exec " + Files.readString(data.resolve("postmaster.opts")).strip()));
    var _ =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(data.resolveSibling("postgres.txt").toFile()))
            .start();
    Await.until("PostgreSQL to take connections", this::takesConnections);
  }

  private boolean takesConnections() {
    try {
      run("SELECT 1");
      return true;
    } catch (SQLException _) {
      return false;
    }
  }

  /** Stops all its processes where they are ({@code STOP}), or lets them go on ({@code CONT}). */
  void signalAll(String signal) throws Exception {
    ProcessHandle postmaster = postmaster();
    for (ProcessHandle one :
        Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList()) {
      try {
        var _ = Shell.run("kill", "-" + signal, String.valueOf(one.pid()));
      } catch (Fault.Skipped failed) {
        if (one.isAlive()) {
          throw failed;
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
