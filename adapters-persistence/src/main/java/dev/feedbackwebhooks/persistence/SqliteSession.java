package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.persistence.stored.FailureKind;
import dev.feedbackwebhooks.persistence.stored.GroupCommit;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The writing connection to a SQLite file. Used by the writer only. */
record SqliteSession(Connection connection, Damage damage) implements GroupCommit.Session {
  private static final FailureKind.Of KINDS = new SqliteFailures();
  private static final Logger log = LoggerFactory.getLogger(SqliteSession.class);

  @Override
  public Connection begin() throws SQLException {
    connection.setAutoCommit(false);
    takeWriteLock();
    return connection;
  }

  /**
   * At once, not at the first row that is written: what is read from here on is the newest state,
   * and secrets are encrypted by a key that is not retired before the commit. Changes nothing.
   */
  private void takeWriteLock() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate("DELETE FROM secret_key_check WHERE FALSE");
    }
  }

  @Override
  public long written(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT total_changes()")) {
      return row.getLong(1);
    }
  }

  @Override
  public void rollback() {
    try {
      connection.rollback();
    } catch (SQLException _) {
      // SQLite undid it by itself, as it does when the disk is full. The driver does not know, and
      // would run what comes next outside of any transaction.
      reopen();
    }
  }

  private void reopen() {
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN");
    } catch (SQLException e) {
      log.error("the store could not begin a transaction", e);
    }
  }

  @Override
  public FailureKind kind(SQLException refused) {
    return KINDS.of(refused);
  }

  @Override
  public void hear(SQLException refused) {
    damage.hear(refused);
  }

  @Override
  public boolean isDamaged() {
    return damage.isFound();
  }
}
