package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.persistence.stored.Statements;
import dev.feedbackwebhooks.persistence.stored.StoredState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts what becomes of deliveries, in the transaction in which it does: one row for each
 * configuration that a transaction touches. Used by the writer only.
 */
final class DeliveryCounts implements Flush {
  private static final int ACCEPTED = 0;
  private static final int COLUMNS = 5;

  private static final String ADD =
      """
      INSERT INTO delivery_count
        (scope_id, config_id, accepted, delivered, exhausted, refused, cancelled)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET accepted = accepted + excluded.accepted,
        delivered = delivered + excluded.delivered, exhausted = exhausted + excluded.exhausted,
        refused = refused + excluded.refused, cancelled = cancelled + excluded.cancelled
      """;

  private record Key(long scopeId, long configId) {}

  private final Statements statements;
  private final Map<Key, long[]> changes = new HashMap<>();

  DeliveryCounts(Statements statements) {
    this.statements = statements;
  }

  void accepted(long scopeId, long configId) {
    of(scopeId, configId)[ACCEPTED]++;
  }

  /** One that waited has come to this. */
  void ended(long scopeId, long configId, StoredState state) {
    count(scopeId, configId, state, 1);
  }

  /** One that had come to {@code before} waits again, for another configuration perhaps. */
  void reopened(long scopeId, long configId, StoredState before, long nextConfigId) {
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
  void clear() {
    changes.clear();
  }

  @Override
  public void flush(Connection connection) throws SQLException {
    for (Map.Entry<Key, long[]> change : changes.entrySet()) {
      @Nullable Object[] row = new @Nullable Object[2 + COLUMNS];
      row[0] = change.getKey().scopeId();
      row[1] = change.getKey().configId();
      for (int i = 0; i < COLUMNS; i++) {
        row[2 + i] = change.getValue()[i];
      }
      statements.of(connection, ADD, row).executeUpdate();
    }
    changes.clear();
  }
}
