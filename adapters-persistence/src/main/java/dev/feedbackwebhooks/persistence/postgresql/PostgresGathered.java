package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.persistence.stored.ChangeLog;
import dev.feedbackwebhooks.persistence.stored.GroupCommit;
import dev.feedbackwebhooks.persistence.stored.PassedOver;
import dev.feedbackwebhooks.persistence.stored.ScopeIds;
import dev.feedbackwebhooks.persistence.stored.Statements;
import dev.feedbackwebhooks.persistence.stored.StorableText;
import dev.feedbackwebhooks.persistence.stored.Tally;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;

/**
 * What the store's parts gather during a transaction, to take one way to the server with it. Who
 * reads or changes deliveries otherwise calls {@link #flush} first. Used by the writer only.
 */
record PostgresGathered(
    ScopeIds scopes,
    Statements statements,
    NodeTable node,
    DatabaseClock clock,
    Tally tally,
    FreshClaims claims,
    PassedOver passed,
    PostgresTurns turns,
    NewDeliveries enqueued,
    Settlements settled)
    implements GroupCommit.Transactions {
  /** Who stands still while it has that lock must not stop those who take events in. */
  private static final String NOT_FOR_LONG = "SET LOCAL lock_timeout = '500ms'";

  static final String LOCK_RECORDS = "SELECT one FROM audit_lock FOR UPDATE";

  /** Joins the nodes, in the transaction that is open. */
  static PostgresGathered open(Connection connection, DatabaseClock clock, Instant now)
      throws SQLException {
    Statements statements = new Statements(StorableText::of);
    ScopeIds scopes = new ScopeIds();
    clock.measure(connection);
    NodeTable node = NodeTable.join(connection, statements, clock.at(now));
    OtherLogs others = new OtherLogs(statements, node.number());
    ChangeLog changes =
        ChangeLog.open(connection, statements, PostgresChangeSql.SQL, node.number(), others);
    Tally tally = Tally.open(statements, PostgresTally.of(node.slot()), changes);
    PassedOver passed = new PassedOver(new PostgresFailures());
    FreshClaims claims = new FreshClaims(statements, node, passed);
    PostgresTurns turns = new PostgresTurns(statements, clock);
    return new PostgresGathered(
        scopes,
        statements,
        node,
        clock,
        tally,
        claims,
        passed,
        turns,
        new NewDeliveries(statements, scopes, turns, claims, tally, clock),
        new Settlements(statements, scopes, turns, claims, tally, clock));
  }

  /** Writes what was gathered so far. */
  void flush(Connection connection) throws SQLException {
    enqueued.flush(connection);
    settled.flush(connection);
  }

  @Override
  public void beforeRecords(Connection connection) throws SQLException {
    statements.of(connection, NOT_FOR_LONG).execute();
    statements.of(connection, LOCK_RECORDS).executeQuery().close();
  }

  @Override
  public void beforeCommit(Connection connection) throws SQLException {
    flush(connection);
    claims.beforeCommit(connection);
    tally.beforeCommit(connection);
  }

  @Override
  public void committed() {
    claims.committed();
    turns.committed();
    tally.committed();
  }

  @Override
  public void inDoubt() {
    claims.inDoubt();
  }

  @Override
  public void rolledBack() {
    scopes.forget();
    statements.forget();
    enqueued.clear();
    settled.clear();
    claims.rolledBack();
    turns.rolledBack();
    tally.rolledBack();
  }
}
