package dev.feedbackwebhooks.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A PostgreSQL of the durability that it has by default, on 127.0.0.1. */
final class PostgresServer implements AutoCloseable {
  private final EmbeddedPostgres server;
  private final ProcessHandle postmaster;

  private PostgresServer(EmbeddedPostgres server, ProcessHandle postmaster) {
    this.server = server;
    this.postmaster = postmaster;
  }

  static PostgresServer start(Workbench bench) throws IOException, SQLException {
    Path data = bench.fresh("postgres-data");
    // else it unpacks where others may have theirs, and stops what it takes for forgotten there
    System.setProperty("ot.epg.working-dir", bench.fresh("postgres-binaries").toString());
    EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setDataDirectory(data.toFile())
            .setLocaleConfig("locale", "C")
            // made for tests, it switches off what makes a commit last
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("listen_addresses", "127.0.0.1")
            .setServerConfig("unix_socket_directories", "''")
            .start();
    String pid = Files.readAllLines(data.resolve("postmaster.pid")).getFirst().trim();
    PostgresServer started =
        new PostgresServer(server, ProcessHandle.of(Long.parseLong(pid)).orElseThrow());
    started.requireDurable();
    return started;
  }

  private void requireDurable() throws SQLException {
    for (String setting : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
      String value = answer("SHOW " + setting);
      if (!value.equals("on")) {
        throw new BenchException("PostgreSQL runs with " + setting + "=" + value);
      }
    }
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:"
        + server.getPort()
        + "/postgres?user=postgres&reWriteBatchedInserts=true";
  }

  /** As the service wants it. */
  String serviceUrl() {
    return "postgresql://127.0.0.1:" + server.getPort() + "/postgres?user=postgres";
  }

  ProcessHandle postmaster() {
    return postmaster;
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of the first row. */
  String answer(String sql) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      if (!rows.next()) {
        throw new BenchException("no answer to " + sql);
      }
      return rows.getString(1);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
