package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.persistence.stored.ReplayedDeliveries;
import dev.feedbackwebhooks.persistence.stored.Statements;
import dev.feedbackwebhooks.persistence.stored.StoredState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Deliveries in SQLite, as replays go through them. */
record SqliteReplayed(Statements statements) implements ReplayedDeliveries {
  private static final String COUNT_QUEUED =
      """
      SELECT COUNT(*) FROM delivery INDEXED BY delivery_replayed
      WHERE scope_id = :scope AND replay IS NOT NULL AND state < 2
        AND (state = 1 OR (state = 0 AND due_at <= :now))
      """;

  private static final String SELECT =
      """
      SELECT state, config_id, EXISTS (SELECT 1 FROM payload WHERE delivery_id = id) AS has_body
      FROM delivery WHERE id = ?
      """;

  /** The attempt that was accepted, which stands with the delivery until there is another one. */
  private static final String KEEP_ACCEPTED =
      """
      INSERT OR REPLACE INTO attempt (delivery_id, number, start_time, duration_millis, result,
        failure, http_status, detail, wire)
      SELECT id, attempts, accepted_start, accepted_millis, 'accepted', '', accepted_status, '',
        accepted_wire
      FROM delivery WHERE id = ? AND accepted_status IS NOT NULL
      """;

  private static final String QUEUE =
      """
      UPDATE delivery
      SET state = 0, due_at = ?1, update_time = ?1, config_id = ?2, first_of_round = attempts,
        reason = '', accepted_start = NULL, accepted_millis = NULL, accepted_status = NULL,
        accepted_wire = NULL, replay = ?3
      WHERE id = ?4
      """;

  @Override
  public String table() {
    return "delivery d INDEXED BY delivery_scope";
  }

  @Override
  public Criteria criteria(DeliveryFilter filter) {
    DeliveryCriteria criteria = new DeliveryCriteria(filter);
    return new Criteria(criteria.sql(), criteria.parameters());
  }

  @Override
  public String countQueued() {
    return COUNT_QUEUED;
  }

  @Override
  public String lockReplay() {
    return "";
  }

  @Override
  public void flush(Connection connection) {
    // What is gathered is new, and new ones are not over.
  }

  @Override
  public Map<DeliveryId, Standing> standings(Connection connection, List<DeliveryId> ids)
      throws SQLException {
    Map<DeliveryId, Standing> standings = new HashMap<>();
    for (DeliveryId id : ids) {
      try (ResultSet row = statements.of(connection, SELECT, id.value()).executeQuery()) {
        if (row.next()) {
          standings.put(id, standing(row));
        }
      }
    }
    return standings;
  }

  private static Standing standing(ResultSet row) throws SQLException {
    return new Standing(
        StoredState.of(row.getInt("state")), row.getLong("config_id"), row.getBoolean("has_body"));
  }

  @Override
  public void queue(Connection connection, List<DeliveryId> ids, Again again) throws SQLException {
    long at = again.now().toEpochMilli();
    long replay = again.replay().id().value();
    for (DeliveryId id : ids) {
      statements.of(connection, KEEP_ACCEPTED, id.value()).executeUpdate();
      statements.of(connection, QUEUE, at, again.configId(), replay, id.value()).executeUpdate();
    }
  }
}
