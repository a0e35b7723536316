package dev.feedbackwebhooks.persistence.migration;

import dev.feedbackwebhooks.persistence.postgresql.PostgresModule;
import dev.feedbackwebhooks.persistence.stored.OfflineStore;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What PostgreSQL knows of the copy that it gets: how far each table came. */
final class Journal {
  private static final String WHOLE = "all";
  private static final String OCCUPIED =
      """
      SELECT EXISTS (SELECT FROM scope) OR EXISTS (SELECT FROM delivery)
        OR EXISTS (SELECT FROM secret_key_check) OR EXISTS (SELECT FROM fingerprint_key)
      """;
  private static final String SELECT = "SELECT reached, copied, done FROM migration WHERE part = ?";
  private static final String INSERT =
      "INSERT INTO migration (part, reached, copied, done) VALUES (?, ?, 0, false)";
  private static final String ADVANCE =
      """
      UPDATE migration SET reached = ?, copied = copied + ?, done = ?
      WHERE part = ? AND reached = ? AND NOT done
      """;

  /**
   * Where a table's copy stands.
   *
   * @param key the last one that was copied; empty before the first
   */
  record Reached(String key, long copied, boolean done) {}

  private final OfflineStore target;

  private Journal(OfflineStore target) {
    this.target = target;
  }

  /**
   * Begins a copy, or goes on with one.
   *
   * @param source what tells the source, as it is, from others
   * @throws StoreException if something else is in the database
   */
  static Journal open(OfflineStore target, String source) throws SQLException {
    Journal journal = new Journal(target);
    Connection connection = target.connection();
    try (PreparedStatement select = connection.prepareStatement(SELECT)) {
      select.setString(1, WHOLE);
      try (ResultSet row = select.executeQuery()) {
        if (row.next()) {
          journal.refuseOther(row, source);
          connection.rollback();
          return journal;
        }
      }
    }
    journal.begin(source);
    return journal;
  }

  private void refuseOther(ResultSet row, String source) throws SQLException {
    if (row.getBoolean("done")) {
      throw new StoreException(
          "the database "
              + target.name()
              + " was filled by a migrate that ended: start servers on it, or give an empty one by"
              + " --to",
          null);
    }
    if (!row.getString("reached").equals(source)) {
      throw new StoreException(
          "the database "
              + target.name()
              + " holds a part of another SQLite database, or of this one as it was before a"
              + " server changed it: give an empty one by --to",
          null);
    }
  }

  private void begin(String source) throws SQLException {
    Connection connection = target.connection();
    // Who starts after this commit finds what was begun.
    PostgresModule.keepServersOut(target);
    refuseOccupied(connection);
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      insert(insert, WHOLE, source);
      for (Table table : Tables.ALL) {
        insert(insert, table.name(), "");
      }
    }
    connection.commit();
  }

  private void refuseOccupied(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(OCCUPIED)) {
      if (row.next() && row.getBoolean(1)) {
        throw new StoreException(
            "the database "
                + target.name()
                + " is in use, or was: nothing is overwritten, give an empty one by --to",
            null);
      }
    }
  }

  private static void insert(PreparedStatement insert, String part, String reached)
      throws SQLException {
    insert.setString(1, part);
    insert.setString(2, reached);
    insert.executeUpdate();
  }

  Reached of(Table table) throws SQLException {
    try (PreparedStatement select = target.connection().prepareStatement(SELECT)) {
      select.setString(1, table.name());
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          throw new StoreException(
              "the copy in "
                  + target.name()
                  + " was begun by another version of this program: use that one",
              null);
        }
        return new Reached(row.getString(1), row.getLong(2), row.getBoolean(3));
      }
    }
  }

  /** Writes down, in the transaction of the rows, how far a table came. */
  void advance(Table table, Reached from, Reached to) throws SQLException {
    advance(table.name(), from.key(), to);
  }

  /** All was copied and checked. */
  void end(String source) throws SQLException {
    advance(WHOLE, source, new Reached(source, 0, true));
    target.connection().commit();
  }

  private void advance(String part, String from, Reached to) throws SQLException {
    try (PreparedStatement update = target.connection().prepareStatement(ADVANCE)) {
      update.setString(1, to.key());
      update.setLong(2, to.copied());
      update.setBoolean(3, to.done());
      update.setString(4, part);
      update.setString(5, from);
      if (update.executeUpdate() != 1) {
        throw new StoreException(
            "another migrate works on the database " + target.name() + ": wait for its end", null);
      }
    }
  }
}
