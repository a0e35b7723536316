package dev.feedbackwebhooks.persistence;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * Connections that tests make by themselves, over the one copy of SQLite that a process has: with a
 * second one, which the driver loads where it comes first, it would crash.
 */
public final class SqliteFiles {
  private SqliteFiles() {}

  /** Opens a database; makes it where there is none. */
  public static Connection connect(Path file) throws SQLException {
    NativeSqlite.load(file);
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }
}
