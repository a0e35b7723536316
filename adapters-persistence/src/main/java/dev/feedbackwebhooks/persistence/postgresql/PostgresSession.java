package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.persistence.stored.FailureKind;
import dev.feedbackwebhooks.persistence.stored.GroupCommit;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The writing connection, made anew once it is lost. Used by the writer only. */
final class PostgresSession implements GroupCommit.Session {
  private static final FailureKind.Of KINDS = new PostgresFailures();

  /** Until then, those who wait are told the same as the one before. */
  private static final Duration CONNECTS_AGAIN = Duration.ofSeconds(1);

  private final PostgresSettings settings;
  private @Nullable Connection connection;
  private @Nullable SQLException failure;
  private long failedAt;

  PostgresSession(PostgresSettings settings) {
    this.settings = settings;
  }

  @Override
  public Connection begin() throws SQLException {
    Connection open = connection;
    if (open == null || open.isClosed()) {
      open = reconnect();
      connection = open;
    }
    return open;
  }

  private Connection reconnect() throws SQLException {
    if (failure != null && System.nanoTime() - failedAt < CONNECTS_AGAIN.toNanos()) {
      throw failure;
    }
    try {
      Connection next = connect();
      failure = null;
      return next;
    } catch (SQLException e) {
      failure = e;
      failedAt = System.nanoTime();
      throw e;
    }
  }

  private Connection connect() throws SQLException {
    Connection next = settings.connect(SessionPins.WRITER);
    try {
      next.setAutoCommit(false);
      return next;
    } catch (SQLException e) {
      next.close();
      throw e;
    }
  }

  /** Whether a transaction has a number, which it gets with the first row that it writes. */
  @Override
  public long written(Connection open) throws SQLException {
    try (Statement statement = open.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(pg_current_xact_id_if_assigned())")) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  @Override
  public void rollback() {
    if (connection == null) {
      return;
    }
    try {
      connection.rollback();
    } catch (SQLException _) {
      // It is lost, and with it what was not committed.
      close();
    }
  }

  @Override
  public FailureKind kind(SQLException refused) {
    return KINDS.of(refused);
  }

  @Override
  public void hear(SQLException refused) {
    // What PostgreSQL finds damaged it reports each time, and goes on with the rest.
  }

  @Override
  public boolean isDamaged() {
    return false;
  }

  void close() {
    Connection open = connection;
    connection = null;
    if (open == null) {
      return;
    }
    try (open) {
      open.rollback();
    } catch (SQLException _) {
      // The database notices the same.
    }
  }
}
