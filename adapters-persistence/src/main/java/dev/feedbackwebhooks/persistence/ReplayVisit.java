package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.persistence.stored.Tally;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.replay.Replay;
import dev.feedbackwebhooks.domain.replay.ReplaySkip;
import dev.feedbackwebhooks.domain.replay.ReplayTally;
import dev.feedbackwebhooks.persistence.stored.Statements;
import dev.feedbackwebhooks.persistence.stored.StoredState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A replay at one delivery after the other, within a transaction. Used by the writer only. */
final class ReplayVisit {
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

  private final Connection connection;
  private final Statements statements;
  private final Tally tally;
  private final long scopeId;
  private final Replay replay;
  private final @Nullable Long configId;
  private final int room;
  private final Instant now;
  private final Map<ReplaySkip, Long> skips = new EnumMap<>(ReplaySkip.class);
  private int queued;

  /**
   * @param configId of the scope's configuration; null if there is none
   * @param room deliveries that may be queued
   */
  ReplayVisit(
      Connection connection,
      Statements statements,
      Tally tally,
      long scopeId,
      Replay replay,
      @Nullable Long configId,
      int room,
      Instant now) {
    this.connection = connection;
    this.statements = statements;
    this.tally = tally;
    this.scopeId = scopeId;
    this.replay = replay;
    this.configId = configId;
    this.room = room;
    this.now = now;
  }

  /**
   * Queues a delivery, or passes over it.
   *
   * @return whether it did: not without room
   */
  boolean at(DeliveryId id) throws SQLException {
    Standing standing = standing(id);
    ReplaySkip skip = skip(standing);
    if (skip != null) {
      skips.merge(skip, 1L, Long::sum);
      return true;
    }
    if (queued >= room || standing == null || configId == null) {
      return false;
    }
    statements.of(connection, KEEP_ACCEPTED, id.value()).executeUpdate();
    statements
        .of(connection, QUEUE, now.toEpochMilli(), configId, replay.id().value(), id.value())
        .executeUpdate();
    tally.reopened(
        scopeId, id, new Tally.Before(standing.state(), standing.configId()), configId, now);
    queued++;
    return true;
  }

  private record Standing(StoredState state, long configId, boolean hasBody) {}

  /** Null if retention took all of it since it was found. */
  private @Nullable Standing standing(DeliveryId id) throws SQLException {
    try (ResultSet row = statements.of(connection, SELECT, id.value()).executeQuery()) {
      return row.next()
          ? new Standing(
              StoredState.of(row.getInt("state")),
              row.getLong("config_id"),
              row.getBoolean("has_body"))
          : null;
    }
  }

  private @Nullable ReplaySkip skip(@Nullable Standing standing) {
    if (standing == null) {
      return ReplaySkip.BODY_REMOVED;
    }
    if (!isOver(standing)) {
      return ReplaySkip.NOT_OVER;
    }
    if (configId == null) {
      return ReplaySkip.NO_CONFIG;
    }
    return standing.hasBody() ? null : ReplaySkip.BODY_REMOVED;
  }

  /** What waits for a configuration that is gone is as good as cancelled. */
  private boolean isOver(Standing standing) {
    return switch (standing.state()) {
      case WAITING -> configId == null || configId != standing.configId();
      case CLAIMED -> false;
      case DELIVERED, EXHAUSTED, REFUSED, CANCELLED -> true;
    };
  }

  /** What it came to, with what came before. */
  ReplayTally tally() {
    return replay.tally().plus(queued, skips);
  }
}
