package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Brings the schema up to date. {@code PRAGMA user_version} counts the migrations that a database
 * has seen, each of which runs in a transaction of its own.
 */
final class Schema {
  private static final List<String> MIGRATIONS =
      List.of(
          "V1.sql", "V2.sql", "V3.sql", "V4.sql", "V5.sql", "V6.sql", "V7.sql", "V8.sql", "V9.sql",
          "V10.sql", "V11.sql", "V12.sql", "V13.sql");

  private Schema() {}

  /**
   * @throws StoreException for a database of a newer version of this program
   */
  static void migrate(Connection writer) throws SQLException {
    refuseNewer(writer);
    for (int next = version(writer); next < MIGRATIONS.size(); next++) {
      run(writer, read(MIGRATIONS.get(next)), next + 1);
    }
  }

  /**
   * @throws StoreException for a database of a newer version of this program
   */
  static void refuseNewer(Connection connection) throws SQLException {
    if (version(connection) > MIGRATIONS.size()) {
      throw new StoreException(
          "the database was written by a newer version of this program: use that one", null);
    }
  }

  /**
   * @throws StoreException for a database of another version of this program
   */
  static void requireCurrent(Connection connection) throws SQLException {
    if (version(connection) != MIGRATIONS.size()) {
      throw new StoreException(
          "the database is of another version of this program: start its server once, then do this"
              + " again",
          null);
    }
  }

  private static void run(Connection writer, String script, int version) throws SQLException {
    writer.setAutoCommit(false);
    try (Statement statement = writer.createStatement()) {
      // The driver runs a whole script in one update.
      statement.executeUpdate(script);
      statement.execute("PRAGMA user_version = " + version);
      writer.commit();
    } catch (SQLException e) {
      writer.rollback();
      throw e;
    } finally {
      writer.setAutoCommit(true);
    }
  }

  private static int version(Connection writer) throws SQLException {
    try (Statement statement = writer.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA user_version")) {
      return row.getInt(1);
    }
  }

  private static String read(String name) {
    try (InputStream script = Schema.class.getResourceAsStream(name)) {
      if (script == null) {
        throw new IllegalStateException(name + " is missing");
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
