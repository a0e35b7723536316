package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.persistence.stored.Tally;

/** How PostgreSQL adds to what is counted, in the rows of the only node. */
final class PostgresTally {
  static final Tally.Sql SQL =
      new Tally.Sql(
          """
          INSERT INTO delivery_count AS n
            (scope_id, config_id, node, accepted, delivered, exhausted, refused, cancelled)
          VALUES (?, ?, 1, ?, ?, ?, ?, ?)
          ON CONFLICT (scope_id, config_id, node) DO UPDATE SET
            accepted = n.accepted + excluded.accepted,
            delivered = n.delivered + excluded.delivered,
            exhausted = n.exhausted + excluded.exhausted,
            refused = n.refused + excluded.refused,
            cancelled = n.cancelled + excluded.cancelled
          """,
          """
          INSERT INTO delivery_latency AS n (scope_id, bucket, node, deliveries)
          VALUES (?, ?, 1, ?)
          ON CONFLICT (scope_id, bucket, node) DO UPDATE SET
            deliveries = n.deliveries + excluded.deliveries
          """);

  private PostgresTally() {}
}
