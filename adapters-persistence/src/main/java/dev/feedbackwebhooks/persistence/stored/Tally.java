package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.delivery.SendReason;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/** What is counted and told of deliveries. Used by the writer only. */
public record Tally(DeliveryCounts counts, LatencyCounts latencies, ChangeLog changes) {
  /**
   * How a database adds to what is counted.
   *
   * @param counts parameters: scope, configuration, then what came to those {@link DeliveryCounts}
   * @param latencies parameters: scope, bucket, deliveries
   */
  public record Sql(String counts, String latencies) {}

  public static Tally open(Statements statements, Sql sql, ChangeLog changes) {
    return new Tally(
        new DeliveryCounts(statements, sql.counts()),
        new LatencyCounts(statements, sql.latencies()),
        changes);
  }

  public void accepted(long scopeId, NewDelivery delivery, Instant at) {
    counts.accepted(scopeId, delivery.configId());
    changes.changed(scopeId, delivery.id().value(), at);
  }

  /** One that had come to {@code before} waits again, for another configuration perhaps. */
  public void reopened(long scopeId, DeliveryId id, Before before, long nextConfigId, Instant at) {
    counts.reopened(scopeId, before.configId(), before.state(), nextConfigId);
    changes.changed(scopeId, id.value(), at);
  }

  /** What a delivery was before it was made to wait again. */
  public record Before(StoredState state, long configId) {}

  /**
   * A claim was settled; nothing is counted where it goes on waiting, and no latency of a replay.
   */
  public void ended(long scopeId, Claim claim, StoredState state, Instant at) {
    counts.ended(scopeId, claim.configId(), state);
    changes.changed(scopeId, claim.id().value(), at);
    if (state == StoredState.DELIVERED && claim.purpose() instanceof SendReason.Feedback) {
      latencies.delivered(scopeId, Duration.between(claim.id().time(), at), at);
    }
  }

  public void beforeCommit(Connection connection) throws SQLException {
    counts.flush(connection);
    changes.flush(connection);
    latencies.writeIfDue(connection);
  }

  public void committed() {
    latencies.committed();
    changes.committed();
  }

  public void rolledBack() {
    counts.clear();
    changes.rolledBack();
    latencies.rolledBack();
  }
}
