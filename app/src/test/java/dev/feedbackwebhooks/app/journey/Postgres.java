package dev.feedbackwebhooks.app.journey;

import dev.feedbackwebhooks.domain.testing.PostgresExit;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A PostgreSQL on 127.0.0.1, one for all tests of a JVM, which ends it. */
final class Postgres {
  private static final EmbeddedPostgres SERVER = start();
  private static int databases;

  private Postgres() {}

  private static EmbeddedPostgres start() {
    try {
      // else it unpacks where others may have theirs, and stops what it takes for forgotten there
      Path directory = Files.createDirectories(Path.of("target", "postgres").toAbsolutePath());
      System.setProperty("ot.epg.working-dir", directory.toString());
      EmbeddedPostgres server =
          EmbeddedPostgres.builder()
              .setLocaleConfig("locale", "C")
              .setPGStartupWait(Patience.LIMIT)
              // made for tests, it switches off what makes a commit last
              .setServerConfig("fsync", "on")
              .setServerConfig("listen_addresses", "127.0.0.1")
              .setServerConfig("unix_socket_directories", "''")
              .start();
      PostgresExit.stopAtOnce(server.getPostgresDatabase());
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The URL of a new database with nothing in it. */
  static String database() {
    return database("");
  }

  /**
   * The same, made in another way.
   *
   * @param options of {@code CREATE DATABASE}
   */
  static synchronized String database(String options) {
    String name = "journey_" + ++databases;
    run("CREATE DATABASE " + name + " " + options);
    return "postgresql://127.0.0.1:" + SERVER.getPort() + "/" + name + "?user=postgres";
  }

  /** Sets something for all who connect to a database from now on. */
  static void set(String url, String setting) {
    String name = url.substring(url.lastIndexOf('/') + 1, url.indexOf('?'));
    run("ALTER DATABASE " + name + " SET " + setting);
  }

  /** Cuts a database off from all who use it, as a network would; or lets them to it again. */
  static void reachable(String url, boolean reachable) {
    String name = url.substring(url.lastIndexOf('/') + 1, url.indexOf('?'));
    run("ALTER DATABASE " + name + " ALLOW_CONNECTIONS " + reachable);
    if (!reachable) {
      run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
    }
  }

  /** Cuts all who use a database off; they may come back at once. */
  static void cutOff(String url) {
    reachable(url, false);
    reachable(url, true);
  }

  /** Kills a part of the server: it ends all others, and starts again from its log. */
  static void crash() {
    try (Connection connection = SERVER.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_backend_pid()")) {
      long one = row.next() ? row.getLong(1) : 0;
      ProcessHandle.of(one).orElseThrow().destroyForcibly();
    } catch (SQLException _) {
      // That connection is the first to go.
    }
  }

  /** Runs a statement in a database. */
  static void run(String url, String sql) {
    String name = url.substring(url.lastIndexOf('/') + 1, url.indexOf('?'));
    try (Connection connection = SERVER.getDatabase("postgres", name).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void run(String sql) {
    try (Connection connection = SERVER.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
