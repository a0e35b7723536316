package dev.feedbackwebhooks.persistence.stored;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts what becomes of deliveries, in the transaction in which it does: one row for each
 * configuration that a transaction touches. Used by the writer only.
 */
public final class DeliveryCounts implements Flush {
  private static final int ACCEPTED = 0;
  private static final int COLUMNS = 5;

  private record Key(long scopeId, long configId) {}

  private final Statements statements;
  private final String add;
  private final Map<Key, long[]> changes = new HashMap<>();

  /**
   * @param add adds to a row, or makes it
   */
  DeliveryCounts(Statements statements, String add) {
    this.statements = statements;
    this.add = add;
  }

  public void accepted(long scopeId, long configId) {
    of(scopeId, configId)[ACCEPTED]++;
  }

  /** One that waited has come to this. */
  public void ended(long scopeId, long configId, StoredState state) {
    count(scopeId, configId, state, 1);
  }

  /** One that had come to {@code before} waits again, for another configuration perhaps. */
  public void reopened(long scopeId, long configId, StoredState before, long nextConfigId) {
    count(scopeId, configId, before, -1);
    if (configId != nextConfigId) {
      of(scopeId, configId)[ACCEPTED]--;
      of(scopeId, nextConfigId)[ACCEPTED]++;
    }
  }

  private void count(long scopeId, long configId, StoredState state, int change) {
    int column = column(state);
    if (column != ACCEPTED) {
      of(scopeId, configId)[column] += change;
    }
  }

  private static int column(StoredState state) {
    return switch (state) {
      case WAITING, CLAIMED -> ACCEPTED;
      case DELIVERED -> 1;
      case EXHAUSTED -> 2;
      case REFUSED -> 3;
      case CANCELLED -> 4;
    };
  }

  private long[] of(long scopeId, long configId) {
    return changes.computeIfAbsent(new Key(scopeId, configId), _ -> new long[COLUMNS]);
  }

  /** Forgets what was not written: its transaction is undone. */
  public void clear() {
    changes.clear();
  }

  @Override
  public void flush(Connection connection) throws SQLException {
    if (changes.isEmpty()) {
      return;
    }
    PreparedStatement all = statements.of(connection, add);
    for (Map.Entry<Key, long[]> change : changes.entrySet()) {
      @Nullable Object[] row = new @Nullable Object[2 + COLUMNS];
      row[0] = change.getKey().scopeId();
      row[1] = change.getKey().configId();
      for (int i = 0; i < COLUMNS; i++) {
        row[2 + i] = change.getValue()[i];
      }
      statements.of(connection, add, row).addBatch();
    }
    all.executeBatch();
    changes.clear();
  }
}
