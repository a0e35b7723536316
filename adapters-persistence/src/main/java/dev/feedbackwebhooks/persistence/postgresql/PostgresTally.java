package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.persistence.stored.Tally;

/** How PostgreSQL adds to what is counted, in rows of each node, so that none waits for another. */
final class PostgresTally {
  /**
   * @param node see {@link NodeTable#slot}
   */
  static Tally.Sql of(int node) {
    return new Tally.Sql(
        """
        INSERT INTO delivery_count AS n
          (scope_id, config_id, node, accepted, delivered, exhausted, refused, cancelled)
        VALUES (?, ?, %d, ?, ?, ?, ?, ?)
        ON CONFLICT (scope_id, config_id, node) DO UPDATE SET
          accepted = n.accepted + excluded.accepted,
          delivered = n.delivered + excluded.delivered,
          exhausted = n.exhausted + excluded.exhausted,
          refused = n.refused + excluded.refused,
          cancelled = n.cancelled + excluded.cancelled
        """
            .formatted(node),
        """
        INSERT INTO delivery_latency AS n (scope_id, bucket, node, deliveries)
        VALUES (?, ?, %d, ?)
        ON CONFLICT (scope_id, bucket, node) DO UPDATE SET
          deliveries = n.deliveries + excluded.deliveries
        """
            .formatted(node));
  }

  private PostgresTally() {}
}
