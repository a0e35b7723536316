package dev.feedbackwebhooks.app.journey;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
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
      return EmbeddedPostgres.builder()
          .setLocaleConfig("locale", "C")
          .setServerConfig("fsync", "off")
          .setServerConfig("listen_addresses", "127.0.0.1")
          .setServerConfig("unix_socket_directories", "''")
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The URL of a new database with nothing in it. */
  static synchronized String database() {
    String name = "journey_" + ++databases;
    try (Connection connection = SERVER.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return "postgresql://127.0.0.1:" + SERVER.getPort() + "/" + name + "?user=postgres";
  }
}
