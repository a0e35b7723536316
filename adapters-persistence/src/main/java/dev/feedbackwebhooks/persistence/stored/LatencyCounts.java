package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.delivery.Latencies;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts how long deliveries took. Written once a second at most, in a later transaction than that
 * of the delivery: who kills the process loses a second of them, and one whose commit stood though
 * nobody heard counts twice, which a percentile can bear. Used by the writer only.
 */
public final class LatencyCounts {
  private static final Duration BETWEEN = Duration.ofSeconds(1);

  private record Key(long scopeId, int bucket) {}

  private final Statements statements;
  private final String add;

  /** Of the transaction that is open. */
  private final Map<Key, Integer> fresh = new HashMap<>();

  /** Of transactions that are durable. */
  private final Map<Key, Integer> gathered = new HashMap<>();

  private Instant now = Instant.EPOCH;
  private Instant writtenAt = Instant.EPOCH;
  private boolean written;

  /**
   * @param add adds to a row, or makes it
   */
  LatencyCounts(Statements statements, String add) {
    this.statements = statements;
    this.add = add;
  }

  void delivered(long scopeId, Duration took, Instant at) {
    fresh.merge(new Key(scopeId, Latencies.bucket(took)), 1, Integer::sum);
    now = at;
  }

  /** Writes what is gathered, if it is time. */
  void writeIfDue(Connection connection) throws SQLException {
    if (!now.isBefore(writtenAt.plus(BETWEEN)) || now.isBefore(writtenAt)) {
      write(connection);
    }
  }

  /** Writes what is gathered. */
  public void write(Connection connection) throws SQLException {
    PreparedStatement all = statements.of(connection, add);
    for (Map.Entry<Key, Integer> count : gathered.entrySet()) {
      Key key = count.getKey();
      statements.of(connection, add, key.scopeId(), key.bucket(), count.getValue()).addBatch();
    }
    all.executeBatch();
    written = true;
  }

  void committed() {
    if (written) {
      gathered.clear();
      writtenAt = now;
      written = false;
    }
    fresh.forEach((key, count) -> gathered.merge(key, count, Integer::sum));
    fresh.clear();
  }

  void rolledBack() {
    fresh.clear();
    written = false;
  }
}
