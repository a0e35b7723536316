package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.persistence.stored.Tally;

/** How SQLite adds to what is counted. */
final class SqliteTally {
  static final Tally.Sql SQL =
      new Tally.Sql(
          """
          INSERT INTO delivery_count
            (scope_id, config_id, accepted, delivered, exhausted, refused, cancelled)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT DO UPDATE SET accepted = accepted + excluded.accepted,
            delivered = delivered + excluded.delivered, exhausted = exhausted + excluded.exhausted,
            refused = refused + excluded.refused, cancelled = cancelled + excluded.cancelled
          """,
          """
          INSERT INTO delivery_latency (scope_id, bucket, deliveries) VALUES (?, ?, ?)
          ON CONFLICT DO UPDATE SET deliveries = deliveries + excluded.deliveries
          """);

  private SqliteTally() {}
}
