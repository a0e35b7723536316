package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.persistence.stored.ReplayedDeliveries;
import dev.feedbackwebhooks.persistence.stored.StoredState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Deliveries in PostgreSQL, as replays go through them. */
record PostgresReplayed(PostgresGathered gathered) implements ReplayedDeliveries {
  private static final String COUNT_QUEUED =
      """
      SELECT COUNT(*) FROM delivery_open
      WHERE scope_id = :scope AND replayed AND state < 2 AND (state = 1 OR due_at <= :now)
      """;

  /**
   * Before it is read how they stand: another node may just be claiming, settling or purging them.
   */
  private static final String LOCK =
      "SELECT id FROM delivery WHERE id = ANY (?) ORDER BY id FOR UPDATE";

  /**
   * Those whose event is not known any more are gone: their day is about to be dropped. Who locks
   * the event's key keeps them from it.
   */
  private static final String SELECT =
      """
      SELECT id, state, config_id,
        EXISTS (SELECT FROM payload WHERE delivery_id = d.id) AS has_body
      FROM delivery d JOIN event_key k ON k.key = ANY (ARRAY[d.event_key]) AND k.delivery_id = d.id
      WHERE id = ANY (?) ORDER BY id FOR UPDATE
      """;

  /** The attempt that was accepted, which stands with the delivery until there is another one. */
  private static final String KEEP_ACCEPTED =
      """
      INSERT INTO attempt (delivery_id, number, start_time, duration_millis, result, failure,
        http_status, detail, wire)
      SELECT id, attempts, accepted_start, accepted_millis, 'accepted', '', accepted_status, '',
        accepted_wire
      FROM delivery WHERE id = ANY (?) AND accepted_status IS NOT NULL
      ON CONFLICT (delivery_id, number) DO UPDATE SET start_time = excluded.start_time,
        duration_millis = excluded.duration_millis, result = excluded.result,
        failure = excluded.failure, http_status = excluded.http_status, detail = excluded.detail,
        next_time = NULL, wire = excluded.wire
      """;

  private static final String QUEUE =
      """
      WITH again AS (
        UPDATE delivery
        SET state = 0, update_time = ?, config_id = ?, first_of_round = attempts, reason = '',
          accepted_start = NULL, accepted_millis = NULL, accepted_status = NULL,
          accepted_wire = NULL, replay = ?
        WHERE id = ANY (?) AND state <> 1
        RETURNING id, scope_id)
      INSERT INTO delivery_open (delivery_id, scope_id, state, due_at, replayed)
      SELECT id, scope_id, 0, ?, true FROM again
      ON CONFLICT (delivery_id)
      DO UPDATE SET state = excluded.state, due_at = excluded.due_at, replayed = true
      """;

  @Override
  public String table() {
    return "delivery d";
  }

  @Override
  public Criteria criteria(DeliveryFilter filter) {
    PostgresCriteria criteria = new PostgresCriteria(filter);
    return new Criteria(criteria.sql(), criteria.parameters());
  }

  @Override
  public String countQueued() {
    return COUNT_QUEUED;
  }

  @Override
  public String lockReplay() {
    return "FOR UPDATE OF r";
  }

  @Override
  public void flush(Connection connection) throws SQLException {
    gathered.flush(connection);
  }

  @Override
  public Map<DeliveryId, Standing> standings(Connection connection, List<DeliveryId> ids)
      throws SQLException {
    PreparedStatement lock = gathered.statements().of(connection, LOCK);
    lock.setObject(1, longs(ids));
    lock.executeQuery().close();
    Map<DeliveryId, Standing> standings = new HashMap<>();
    PreparedStatement select = gathered.statements().of(connection, SELECT);
    select.setObject(1, longs(ids));
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        standings.put(new DeliveryId(row.getLong("id")), standing(row));
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
    PreparedStatement keep = gathered.statements().of(connection, KEEP_ACCEPTED);
    keep.setObject(1, longs(ids));
    keep.executeUpdate();
    PreparedStatement queue =
        gathered
            .statements()
            .of(
                connection,
                QUEUE,
                again.now().toEpochMilli(),
                again.configId(),
                again.replay().id().value());
    queue.setObject(4, longs(ids));
    queue.setLong(5, gathered.clock().at(again.now()));
    queue.executeUpdate();
  }

  private static long[] longs(List<DeliveryId> ids) {
    return ids.stream().mapToLong(DeliveryId::value).toArray();
  }
}
