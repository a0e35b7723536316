package dev.feedbackwebhooks.persistence.postgresql;

import com.google.common.primitives.Longs;
import dev.feedbackwebhooks.domain.delivery.IdSeries;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the leases of nodes that are known to be dead, so that any node finds what they had claimed.
 * Were one of them alive after all, its settlements would count for nothing: a delivery may go out
 * twice, and none is lost.
 */
final class DeadNodes {
  /** Not a number whose remainder another node has, after very many starts. */
  private static final String SLOTS =
      """
      gone AS MATERIALIZED (
        SELECT array_agg(mod(dead.number, %1$d)) AS slots FROM unnest(?::bigint[]) AS dead (number)
        WHERE NOT EXISTS (SELECT FROM node n
          WHERE mod(n.number, %1$d) = mod(dead.number, %1$d) AND n.number <> dead.number))
      """
          .formatted(NodeTable.SLOTS);

  private static final String THEIRS =
      "d.state = 1 AND d.claim_id >> %d = ANY ((SELECT slots FROM gone)::bigint[])"
          .formatted(IdSeries.CLAIM_BITS);

  /** What went straight out: with a row in delivery_open, every node looks after it. */
  private static final String FRESH =
      """
      WITH %s,
      ended AS (
        UPDATE delivery d SET lease_until = ?
        WHERE d.id >= (SELECT min(fresh_from) FROM node) AND %s
        RETURNING d.id, d.scope_id, d.lease_until)
      INSERT INTO delivery_open (delivery_id, scope_id, state, due_at)
      SELECT id, scope_id, 1, lease_until FROM ended
      ON CONFLICT (delivery_id) DO UPDATE SET due_at = excluded.due_at
      """
          .formatted(SLOTS, THEIRS);

  private static final String OPEN =
      """
      WITH %s,
      ended AS (
        UPDATE delivery d SET lease_until = ? FROM delivery_open o
        WHERE o.state = 1 AND d.id = ANY (ARRAY[o.delivery_id]) AND %s
        RETURNING d.id, d.scope_id, d.lease_until)
      UPDATE delivery_open o SET due_at = ended.lease_until FROM ended
      WHERE o.scope_id = ANY (ARRAY[ended.scope_id]) AND o.delivery_id = ANY (ARRAY[ended.id])
      """
          .formatted(SLOTS, THEIRS);

  private static final String LOST = "UPDATE node SET lost = true WHERE number = ANY (?)";

  private static final Logger log = LoggerFactory.getLogger(DeadNodes.class);

  private DeadNodes() {}

  /**
   * In a transaction of its own.
   *
   * @param at by the database's clock
   * @return whether it is done; else their leases end by themselves
   */
  static boolean endLeases(Connection connection, List<Long> dead, long at) throws SQLException {
    long[] numbers = Longs.toArray(dead);
    try {
      int ended = end(connection, OPEN, numbers, at) + end(connection, FRESH, numbers, at);
      try (PreparedStatement lost = connection.prepareStatement(LOST)) {
        lost.setObject(1, numbers);
        lost.executeUpdate();
      }
      connection.commit();
      if (ended > 0) {
        log.atInfo()
            .addKeyValue("nodes", dead)
            .addKeyValue("deliveries", ended)
            .log("what ran here before left deliveries under way: they are sent now");
      }
      return true;
    } catch (SQLException e) {
      log.atInfo()
          .addKeyValue("cause", e.getMessage())
          .log("what ran here before keeps its claims until its leases end");
      connection.rollback();
      return false;
    }
  }

  private static int end(Connection connection, String sql, long[] dead, long at)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, dead);
      statement.setLong(2, at);
      return statement.executeUpdate();
    }
  }
}
