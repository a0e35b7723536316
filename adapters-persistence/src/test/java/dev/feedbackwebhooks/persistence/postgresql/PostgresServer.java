package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.domain.testing.PostgresExit;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.persistence.Patience;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A PostgreSQL on 127.0.0.1, one for all tests of a JVM, which ends it. Each test gets a database
 * of its own, copied from one that has the schema.
 */
public final class PostgresServer {
  private static final String TEMPLATE = "schema_only";
  private static final PostgresServer ONE = start();

  private final EmbeddedPostgres server;
  private final AtomicInteger databases = new AtomicInteger();

  private PostgresServer(EmbeddedPostgres server) {
    this.server = server;
  }

  private static PostgresServer start() {
    try {
      PostgresServer started = new PostgresServer(start("on"));
      PostgresExit.stopAtOnce(started.server.getPostgresDatabase());
      started.run("CREATE DATABASE " + TEMPLATE);
      PostgresSchema.migrate(new PostgresSettings(started.url(TEMPLATE), Path.of("none")));
      started.makeDays();
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Another one, to be closed.
   *
   * @param fsync made for tests, it switches off what makes a commit last
   */
  static EmbeddedPostgres start(String fsync) throws IOException {
    // else it unpacks where others may have theirs, and stops what it takes for forgotten there
    Path directory = Files.createDirectories(Path.of("target", "postgres").toAbsolutePath());
    System.setProperty("ot.epg.working-dir", directory.toString());
    return EmbeddedPostgres.builder()
        .setLocaleConfig("locale", "C")
        .setServerConfig("fsync", fsync)
        .setServerConfig("listen_addresses", "127.0.0.1")
        .setServerConfig("unix_socket_directories", "''")
        .setPGStartupWait(Patience.LONG)
        .start();
  }

  /** Or each test would make them. */
  private void makeDays() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:" + url(TEMPLATE))) {
      connection.setAutoCommit(false);
      for (int ahead = 0; ahead <= DayPartitions.DAYS_AHEAD; ahead++) {
        DayPartitions.make(connection, Day.of(Samples.NOW).plus(ahead));
      }
      connection.commit();
    }
  }

  /** The URL of a new database with the schema, the days' partitions, and nothing in it. */
  public static String freshDatabase() throws SQLException {
    String name = "test_" + ONE.databases.incrementAndGet();
    ONE.run("CREATE DATABASE " + name + " TEMPLATE " + TEMPLATE);
    return ONE.url(name);
  }

  /** The URL of a new database with nothing at all. */
  public static String emptyDatabase() throws SQLException {
    return emptyDatabase("");
  }

  /**
   * The same, made in another way.
   *
   * @param options of {@code CREATE DATABASE}
   */
  static String emptyDatabase(String options) throws SQLException {
    String name = "test_" + ONE.databases.incrementAndGet();
    ONE.run("CREATE DATABASE " + name + " " + options);
    return ONE.url(name);
  }

  /** Cuts a database off from all who use it, as a network would; or lets them to it again. */
  static void reachable(String url, boolean reachable) throws SQLException {
    String name = url.substring(url.lastIndexOf('/') + 1, url.indexOf('?'));
    ONE.run("ALTER DATABASE " + name + " ALLOW_CONNECTIONS " + reachable);
    if (!reachable) {
      ONE.run(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
    }
  }

  private String url(String database) {
    return "postgresql://127.0.0.1:" + server.getPort() + "/" + database + "?user=postgres";
  }

  private void run(String sql) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
