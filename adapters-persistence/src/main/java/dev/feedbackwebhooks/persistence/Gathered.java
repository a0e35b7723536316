package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.domain.watch.ChangeCursor;
import dev.feedbackwebhooks.persistence.stored.ChangeLog;
import dev.feedbackwebhooks.persistence.stored.ChangeTrim;
import dev.feedbackwebhooks.persistence.stored.GroupCommit;
import dev.feedbackwebhooks.persistence.stored.ScopeIds;
import dev.feedbackwebhooks.persistence.stored.Statements;
import dev.feedbackwebhooks.persistence.stored.Tally;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Executor;

/** What the store's parts gather during a transaction. Used by the writer only. */
record Gathered(
    ScopeIds scopes,
    Statements statements,
    EventKeys keys,
    EnqueueBatch batch,
    DetailRoom room,
    Tally tally,
    DeliveryBlocks blocks,
    Checkpoints checkpoints)
    implements GroupCommit.Transactions {
  static Gathered open(Database database, Executor background, Checkpoints checkpoints)
      throws SQLException {
    Statements statements = new Statements();
    EventKeys keys = new EventKeys(statements);
    keys.load(database.writer());
    ChangeLog changes =
        ChangeLog.open(
            database.writer(),
            statements,
            SqliteChangeSql.SQL,
            ChangeCursor.ONLY_NODE,
            ChangeTrim.NO_OTHERS);
    Tally tally = Tally.open(statements, SqliteTally.SQL, changes);
    DeliveryBlocks blocks = new DeliveryBlocks(database.reads(), background, statements);
    DetailRoom room = new DetailRoom();
    EnqueueBatch batch = new EnqueueBatch(statements, tally, blocks, room);
    return new Gathered(new ScopeIds(), statements, keys, batch, room, tally, blocks, checkpoints);
  }

  @Override
  public void beforeRecords(Connection connection) {
    // Nobody else writes.
  }

  @Override
  public void beforeCommit(Connection connection) throws SQLException {
    batch.flush(connection);
    tally.beforeCommit(connection);
    keys.writeSlice(connection);
  }

  @Override
  public void committed() {
    keys.committed();
    tally.committed();
    blocks.committed();
    checkpoints.committed();
  }

  @Override
  public void rolledBack() {
    scopes.forget();
    statements.forget();
    keys.rolledBack();
    batch.clear();
    blocks.rolledBack();
    tally.rolledBack();
  }
}
