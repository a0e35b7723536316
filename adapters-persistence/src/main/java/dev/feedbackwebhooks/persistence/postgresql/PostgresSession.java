package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.persistence.stored.FailureKind;
import dev.feedbackwebhooks.persistence.stored.GroupCommit;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The writing connection, made anew once it is lost. Used by the writer only. */
final class PostgresSession implements GroupCommit.Session {
  /**
   * Each statement finds a few rows by their keys. Its plan is made once, when tables may be empty
   * still, and must do for full ones.
   */
  static final String PLAN_FOR_KEYS =
      """
      SET enable_seqscan = off;
      SET enable_hashjoin = off;
      SET enable_mergejoin = off;
      SET jit = off
      """;

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
    Connection next = DriverManager.getConnection(settings.jdbcUrl(), settings.defaults());
    try (Statement statement = next.createStatement()) {
      // What is answered must last; a server that was set to something stricter stays so.
      statement.execute(
          "SELECT set_config('synchronous_commit', 'on', false)"
              + " WHERE current_setting('synchronous_commit') NOT IN ('on', 'remote_apply')");
      statement.execute(PLAN_FOR_KEYS);
      // What a node that stopped in the middle of a transaction has locked, others wait for.
      statement.execute("SET idle_in_transaction_session_timeout = '10s'");
      // What is looked at after a wait for a lock is as it is by then.
      next.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
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
