package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.domain.retention.DeliveryPurge.Step;
import dev.feedbackwebhooks.domain.retention.Retention.Expiry;
import dev.feedbackwebhooks.persistence.stored.Expiring;
import dev.feedbackwebhooks.persistence.stored.GroupCommit;
import dev.feedbackwebhooks.persistence.stored.Reads;
import dev.feedbackwebhooks.persistence.stored.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Removes what is over row by row, of days without partitions, and bodies of others. What may go is
 * found by a reading connection; the writer, who has the last word, gets the little that is left to
 * do.
 */
final class RowPurge {
  private static final String SELECT =
      """
      SELECT id, state, update_time,
        EXISTS (SELECT FROM payload WHERE delivery_id = d.id) AS has_body
      FROM delivery d WHERE id > :after AND id < :before ORDER BY id LIMIT :limit
      """;
  static final String DELETE =
      """
      WITH removed AS (
        DELETE FROM delivery d USING unnest(?::bigint[], ?::int[], ?::bigint[])
          AS seen (id, state, update_time)
        WHERE d.id = ANY (ARRAY[seen.id]) AND d.state = seen.state AND d.update_time = seen.update_time
        RETURNING d.id, d.scope_id, d.event_key),
      attempts AS (DELETE FROM attempt a USING removed WHERE a.delivery_id = ANY (ARRAY[removed.id])),
      bodies AS (DELETE FROM payload p USING removed WHERE p.delivery_id = ANY (ARRAY[removed.id])),
      open AS (
        DELETE FROM delivery_open o USING removed
        WHERE o.scope_id = ANY (ARRAY[removed.scope_id]) AND o.delivery_id = ANY (ARRAY[removed.id])),
      keys AS (
        DELETE FROM event_key k USING removed
        WHERE k.key = ANY (ARRAY[removed.event_key]) AND k.delivery_id = removed.id)
      SELECT COUNT(*) FROM removed
      """;

  /** Endpoints' answers may tell of the recipient as well; a message's key is a hash of it. */
  static final String DELETE_BODIES =
      """
      WITH ended AS (
        UPDATE delivery d SET accepted_wire = NULL, message = NULL
        FROM unnest(?::bigint[], ?::int[], ?::bigint[]) AS seen (id, state, update_time)
        WHERE d.id = ANY (ARRAY[seen.id]) AND d.state = seen.state AND d.update_time = seen.update_time
        RETURNING d.id),
      removed AS (
        DELETE FROM payload p USING ended WHERE p.delivery_id = ANY (ARRAY[ended.id]) RETURNING p.delivery_id),
      attempts AS (
        UPDATE attempt a SET wire = NULL FROM ended WHERE a.delivery_id = ANY (ARRAY[ended.id]))
      SELECT COUNT(*) FROM removed
      """;

  private record Seen(long id, int state, long updateTime, boolean hasBody) implements Expiring {}

  private final Reads reads;
  private final GroupCommit writes;
  private final PostgresGathered gathered;

  RowPurge(Reads reads, GroupCommit writes, PostgresGathered gathered) {
    this.reads = reads;
    this.writes = writes;
    this.gathered = gathered;
  }

  /**
   * A step through the deliveries between two ids; may block for a moment.
   *
   * @return whose {@code last} is null once there is none left between them
   */
  CompletionStage<Step> purge(Expiry expiry, long after, long before) {
    return Expiring.find(reads, SELECT, after, before, expiry, (row, _) -> seen(row))
        .removedBy(this::remove);
  }

  private static Seen seen(ResultSet row) throws SQLException {
    return new Seen(
        row.getLong("id"),
        row.getInt("state"),
        row.getLong("update_time"),
        row.getBoolean("has_body"));
  }

  private CompletionStage<Step> remove(Expiring.Found<Seen> found) {
    if (found.records().isEmpty() && found.bodies().isEmpty()) {
      return CompletableFuture.completedFuture(new Step(0, 0, found.last()));
    }
    return writes.submit(connection -> {
      gathered.flush(connection);
      int deliveries = change(connection, DELETE, found.records());
      int bodies = change(connection, DELETE_BODIES, found.bodies());
      return new Step(deliveries, bodies, found.last());
    });
  }

  private int change(Connection connection, String sql, List<Seen> seen) throws SQLException {
    if (seen.isEmpty()) {
      return 0;
    }
    Statements statements = gathered.statements();
    var statement =
        Columns.of(statements.of(connection, sql), seen)
            .longs(Seen::id)
            .ints(Seen::state)
            .longs(Seen::updateTime)
            .statement();
    try (ResultSet row = statement.executeQuery()) {
      return row.next() ? row.getInt(1) : 0;
    }
  }
}
