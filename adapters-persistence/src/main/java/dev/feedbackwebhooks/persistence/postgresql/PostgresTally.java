package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.persistence.stored.Tally;

/** How PostgreSQL adds to what is counted, in rows of each node, so that none waits for another. */
final class PostgresTally {
  /**
   * Adds what nodes counted that are gone to rows of nobody's, since each start has rows of its
   * own.
   */
  static final String FOLD_COUNTS =
      """
      WITH gone AS (
        DELETE FROM delivery_count
        WHERE node <> %1$d AND node NOT IN (SELECT MOD(number, %1$d) FROM node)
        RETURNING scope_id, config_id, accepted, delivered, exhausted, refused, cancelled)
      INSERT INTO delivery_count AS n
        (scope_id, config_id, node, accepted, delivered, exhausted, refused, cancelled)
      SELECT scope_id, config_id, %1$d, SUM(accepted), SUM(delivered), SUM(exhausted),
        SUM(refused), SUM(cancelled)
      FROM gone GROUP BY scope_id, config_id
      ON CONFLICT (scope_id, config_id, node) DO UPDATE SET
        accepted = n.accepted + excluded.accepted,
        delivered = n.delivered + excluded.delivered,
        exhausted = n.exhausted + excluded.exhausted,
        refused = n.refused + excluded.refused,
        cancelled = n.cancelled + excluded.cancelled
      """
          .formatted(NodeTable.SLOTS);

  static final String FOLD_LATENCIES =
      """
      WITH gone AS (
        DELETE FROM delivery_latency
        WHERE node <> %1$d AND node NOT IN (SELECT MOD(number, %1$d) FROM node)
        RETURNING scope_id, bucket, deliveries)
      INSERT INTO delivery_latency AS n (scope_id, bucket, node, deliveries)
      SELECT scope_id, bucket, %1$d, SUM(deliveries) FROM gone GROUP BY scope_id, bucket
      ON CONFLICT (scope_id, bucket, node) DO UPDATE SET
        deliveries = n.deliveries + excluded.deliveries
      """
          .formatted(NodeTable.SLOTS);

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
