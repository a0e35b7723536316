package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.persistence.stored.GroupCommit;
import dev.feedbackwebhooks.persistence.stored.ScopeIds;
import dev.feedbackwebhooks.persistence.stored.Statements;
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
    Tally tally,
    FreshClaims claims,
    NewDeliveries enqueued,
    Settlements settled)
    implements GroupCommit.Transactions {
  /** Who is dead held the claims that are found. */
  static PostgresGathered open(PostgresSession session, Instant now) throws SQLException {
    Connection connection = session.begin();
    Statements statements = new Statements(StorableText::of);
    ScopeIds scopes = new ScopeIds();
    Tally tally = Tally.open(connection, statements, PostgresTally.SQL);
    FreshClaims claims = FreshClaims.open(connection, statements, now);
    PostgresTurns turns = new PostgresTurns(statements);
    connection.commit();
    return new PostgresGathered(
        scopes,
        statements,
        tally,
        claims,
        new NewDeliveries(statements, scopes, turns, claims, tally),
        new Settlements(statements, scopes, turns, claims, tally));
  }

  /** Writes what was gathered so far. */
  void flush(Connection connection) throws SQLException {
    enqueued.flush(connection);
    settled.flush(connection);
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
    tally.committed();
  }

  @Override
  public void rolledBack() {
    scopes.forget();
    statements.forget();
    enqueued.clear();
    settled.clear();
    claims.rolledBack();
    tally.rolledBack();
  }
}
