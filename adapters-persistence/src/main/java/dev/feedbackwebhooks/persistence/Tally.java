package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.Purpose;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/** What is counted of deliveries. Used by the writer only. */
record Tally(DeliveryCounts counts, LatencyCounts latencies) {
  static Tally of(Statements statements) {
    return new Tally(new DeliveryCounts(statements), new LatencyCounts(statements));
  }

  /**
   * A claim was settled; nothing is counted where it goes on waiting, and no latency of a replay.
   */
  void ended(long scopeId, Claim claim, StoredState state, Instant at) {
    counts.ended(scopeId, claim.configId(), state);
    if (state == StoredState.DELIVERED && claim.purpose() instanceof Purpose.Feedback) {
      latencies.delivered(scopeId, Duration.between(claim.id().time(), at), at);
    }
  }

  void beforeCommit(Connection connection) throws SQLException {
    counts.flush(connection);
    latencies.writeIfDue(connection);
  }

  void rolledBack() {
    counts.clear();
    latencies.rolledBack();
  }
}
