package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.persistence.stored.Reads;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jdbi.v3.core.JdbiException;

/**
 * Checks that a database's pages fit together, by SQLite's {@code quick_check}: trees, rows, free
 * pages and, for whole files, nothing else. SQLite keeps no checksums of pages: a changed bit
 * inside a value is not seen.
 */
final class Integrity {
  /** As much is checked before the start, which takes a tenth of a second or two. */
  private static final long SMALL_BYTES = 32L << 20;

  /** What grows with use; of a larger file, checked once the server runs. */
  private static final List<String> LARGE =
      List.of("delivery", "payload", "attempt", "event_key", "audit_record", "campaign");

  private static final String SMALL_TABLES =
      "SELECT name FROM sqlite_schema WHERE type = 'table'"
          + " AND name NOT IN ('"
          + String.join("', '", LARGE)
          + "')";

  private Integrity() {}

  /**
   * Refuses a file that was emptied: SQLite takes one for new, and drops the log beside it.
   *
   * @throws StoreException if it has no byte, though there is a log of it or a key for it
   */
  static void refuseEmptied(StoreSettings settings) {
    Path database = settings.database();
    try {
      if (Files.exists(database)
          && Files.size(database) == 0
          && (Files.exists(settings.secretKeyFile()) || hasLog(database))) {
        throw new StoreException(
            "the database "
                + database
                + " is empty, and was not before: restore a backup, or delete the empty file to"
                + " begin anew",
            null);
      }
    } catch (IOException e) {
      throw new StoreException("cannot read the database " + database + ": " + e, e);
    }
  }

  private static boolean hasLog(Path database) throws IOException {
    Path log = database.resolveSibling(database.getFileName() + "-wal");
    return Files.exists(log) && Files.size(log) > 0;
  }

  /**
   * Checks all of a small file, and the schema and the small tables of a larger one.
   *
   * @return whether all was checked
   * @throws StoreException if it is damaged
   */
  static boolean checkAtStart(Connection connection, Path database) throws SQLException {
    boolean small = database.toFile().length() <= SMALL_BYTES;
    try (Statement statement = connection.createStatement()) {
      if (small) {
        checkAll(statement, database);
      } else {
        refuse(database, result(statement, "PRAGMA quick_check('sqlite_schema')"));
        for (String table : smallTables(statement)) {
          refuse(database, result(statement, check(table)));
        }
      }
    }
    return small;
  }

  /**
   * Checks all of a file, however large.
   *
   * @throws StoreException if it is damaged
   */
  static void checkAll(Statement statement, Path database) throws SQLException {
    refuse(database, result(statement, "PRAGMA quick_check(1)"));
  }

  private static List<String> smallTables(Statement statement) throws SQLException {
    List<String> names = new ArrayList<>();
    try (ResultSet row = statement.executeQuery(SMALL_TABLES)) {
      while (row.next()) {
        names.add(row.getString(1));
      }
    }
    return names;
  }

  private static void refuse(Path database, String result) {
    if (!result.equals("ok")) {
      throw new StoreException(Damage.advice(database, result), null);
    }
  }

  private static String result(Statement statement, String check) throws SQLException {
    try (ResultSet row = statement.executeQuery(check)) {
      return row.next() ? row.getString(1) : "ok";
    }
  }

  private static String check(String table) {
    return "PRAGMA quick_check('" + table + "')";
  }

  /** Checks the large tables, one task each. */
  static void checkLarge(Reads reads, Executor background, Damage damage) {
    for (String table : LARGE) {
      background.execute(() -> checkLarge(reads, table, damage));
    }
  }

  private static void checkLarge(Reads reads, String table, Damage damage) {
    try {
      String result =
          reads.withHandle(handle ->
              handle.createQuery(check(table)).mapTo(String.class).findFirst().orElse("ok"));
      if (!result.equals("ok")) {
        damage.find(result);
      }
    } catch (Fault.Unavailable _) {
      // Closed in the middle of it.
    } catch (JdbiException e) {
      // Closed in the middle of it, or damaged so that not even the check can read it.
      if (e.getCause() instanceof SQLException cause) {
        damage.hear(cause);
      }
    }
  }
}
