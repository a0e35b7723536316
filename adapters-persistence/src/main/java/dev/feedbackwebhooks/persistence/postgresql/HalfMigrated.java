package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Keeps off a database that holds a part of what is being copied to it. */
final class HalfMigrated {
  private HalfMigrated() {}

  /**
   * @throws StoreException if not all was copied and checked
   */
  static void refuse(Connection connection, PostgresSettings settings) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT 1 FROM migration WHERE NOT done LIMIT 1")) {
      if (row.next()) {
        throw new StoreException(
            "the database "
                + settings.name()
                + " holds a part of a SQLite database, copied or checked by a migrate that did not"
                + " end: run that again until it says that all is equal, or give another --database",
            null);
      }
    }
  }
}
