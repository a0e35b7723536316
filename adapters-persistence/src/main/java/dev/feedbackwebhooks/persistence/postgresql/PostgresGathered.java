package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.persistence.stored.GroupCommit;
import dev.feedbackwebhooks.persistence.stored.ScopeIds;
import dev.feedbackwebhooks.persistence.stored.Statements;
import java.sql.Connection;

/** What the store's parts gather during a transaction. Used by the writer only. */
record PostgresGathered(ScopeIds scopes, Statements statements)
    implements GroupCommit.Transactions {
  static PostgresGathered open() {
    return new PostgresGathered(new ScopeIds(), new Statements());
  }

  @Override
  public void beforeCommit(Connection connection) {}

  @Override
  public void committed() {}

  @Override
  public void rolledBack() {
    scopes.forget();
    statements.forget();
  }
}
