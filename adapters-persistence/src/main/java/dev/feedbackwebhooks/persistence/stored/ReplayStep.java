package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.replay.Replay;
import dev.feedbackwebhooks.domain.replay.ReplayState;
import dev.feedbackwebhooks.domain.replay.ReplayStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;
import org.jspecify.annotations.Nullable;

/**
 * Takes replays a step further. Which deliveries come next is found by a reading connection; the
 * writer, who has the last word, gets those few.
 */
final class ReplayStep {
  /** Deliveries that are looked at: some milliseconds of reading. */
  private static final int LOOKED_AT = 4_096;

  /** Deliveries that the writer is given: a few milliseconds of its time. */
  private static final int TAKEN = 256;

  private static final String SELECT_STANDING =
      """
      SELECT r.id, r.scope_id, r.request_id, r.filter_text, r.filter, r.per_second, r.state, r.matched,
        r.replayed, r.skips, r.cursor, r.create_time, r.update_time, r.end_time, s.organization,
        s.sandbox
      FROM replay r JOIN scope s ON s.id = r.scope_id WHERE r.id = ?
      """;
  private static final String SELECT_CONFIG =
      "SELECT config_id FROM webhook_config WHERE scope_id = ?";
  private static final String ADVANCE =
      """
      UPDATE replay SET replayed = ?, skips = ?, cursor = ?, state = ?, update_time = ?, end_time = ?
      WHERE id = ? AND state = 'RUNNING' AND cursor = ?
      """;

  private final Reads reads;
  private final GroupCommit writes;
  private final ScopeIds scopes;
  private final Executor background;
  private final Statements statements;
  private final Tally tally;
  private final ReplayedDeliveries deliveries;
  private final String selectStanding;
  private final String countQueued;
  private final String countQueuedIn;

  ReplayStep(
      Reads reads,
      GroupCommit writes,
      Executor background,
      ScopeIds scopes,
      Statements statements,
      Tally tally,
      ReplayedDeliveries deliveries) {
    this.reads = reads;
    this.writes = writes;
    this.background = background;
    this.scopes = scopes;
    this.statements = statements;
    this.tally = tally;
    this.deliveries = deliveries;
    this.selectStanding = SELECT_STANDING + deliveries.lockReplay();
    this.countQueued = deliveries.countQueued().replace(":scope", "?").replace(":now", "?");
    this.countQueuedIn =
        deliveries
            .countQueued()
            .replace(
                ":scope",
                "(SELECT id FROM scope WHERE organization = :organization AND sandbox = :sandbox)");
  }

  /**
   * What comes next.
   *
   * @param hits those that the filter takes
   * @param last the last one that was looked at; null once there is none further
   */
  private record Found(List<DeliveryId> hits, @Nullable DeliveryId last) {}

  CompletionStage<Replay> take(Replay replay, int most, Instant now) {
    return CompletableFuture.supplyAsync(() -> find(replay, now), background)
        .thenCompose(found ->
            found.isEmpty()
                ? CompletableFuture.completedFuture(replay)
                : writes.submit(connection -> advance(connection, replay, found.get(), most, now)));
  }

  /** Empty if there is no room, so that the writer need not hear of it. */
  private Optional<Found> find(Replay replay, Instant now) {
    ReplayCandidates candidates =
        new ReplayCandidates(deliveries, replay.scope(), replay.plan().filter());
    Map<String, Object> parameters = candidates.parameters();
    if (replay.cursor() != null) {
      parameters.put("after", replay.cursor().value());
    }
    return reads.withHandle(handle -> {
      if (isFull(handle, replay.scope(), now)) {
        return Optional.empty();
      }
      try (ResultIterator<Found> rows =
          handle
              .createQuery(candidates.next())
              .bindMap(parameters)
              .bind("limit", LOOKED_AT)
              .map((row, _) -> looked(row))
              .iterator()) {
        return Optional.of(gather(rows));
      }
    });
  }

  private boolean isFull(Handle handle, Scope scope, Instant now) {
    return handle
        .createQuery(countQueuedIn)
        .bind("organization", scope.organization())
        .bind("sandbox", scope.sandbox())
        .bind("now", now.toEpochMilli())
        .mapTo(Integer.class)
        .findOne()
        .filter(queued -> queued >= ReplayStore.MOST_QUEUED)
        .isPresent();
  }

  private static Found looked(ResultSet row) throws SQLException {
    DeliveryId id = new DeliveryId(row.getLong("id"));
    return new Found(row.getBoolean("hit") ? List.of(id) : List.of(), id);
  }

  private static Found gather(ResultIterator<Found> rows) {
    List<DeliveryId> hits = new ArrayList<>();
    DeliveryId last = null;
    int lookedAt = 0;
    while (rows.hasNext() && hits.size() < TAKEN) {
      Found row = rows.next();
      hits.addAll(row.hits());
      last = row.last();
      lookedAt++;
    }
    boolean more = rows.hasNext() || lookedAt == LOOKED_AT;
    return new Found(hits, more ? last : null);
  }

  private Replay advance(Connection connection, Replay asked, Found found, int most, Instant now)
      throws SQLException {
    Replay replay = standing(connection, asked, now);
    if (replay.over() || !Objects.equals(replay.cursor(), asked.cursor())) {
      return replay;
    }
    deliveries.flush(connection);
    long scopeId = scopes.of(connection, replay.scope());
    int room = Math.min(most, ReplayStore.MOST_QUEUED - queued(connection, scopeId, now));
    ReplayVisit visit =
        new ReplayVisit(deliveries, tally, replay, scopeId, config(connection, scopeId), room, now);
    int passed = visit.at(connection, found.hits());
    if (passed == found.hits().size()) {
      return write(connection, replay, replay.advanced(visit.tally(), found.last(), now));
    }
    return passed == 0
        ? replay
        : write(
            connection, replay, replay.advanced(visit.tally(), found.hits().get(passed - 1), now));
  }

  /** One that was removed was over before. */
  private Replay standing(Connection connection, Replay replay, Instant now) throws SQLException {
    try (ResultSet row =
        statements.of(connection, selectStanding, replay.id().value()).executeQuery()) {
      return row.next() ? ReplayRowCodec.read(row) : replay.ended(ReplayState.CANCELLED, now);
    }
  }

  private @Nullable Long config(Connection connection, long scopeId) throws SQLException {
    try (ResultSet row = statements.of(connection, SELECT_CONFIG, scopeId).executeQuery()) {
      return row.next() ? Long.valueOf(row.getLong(1)) : null;
    }
  }

  private int queued(Connection connection, long scopeId, Instant now) throws SQLException {
    try (ResultSet row =
        statements.of(connection, countQueued, scopeId, now.toEpochMilli()).executeQuery()) {
      return row.next() ? row.getInt(1) : 0;
    }
  }

  private Replay write(Connection connection, Replay from, Replay to) throws SQLException {
    Instant end = to.endTime();
    int advanced =
        statements
            .of(
                connection,
                ADVANCE,
                to.tally().replayed(),
                ReplayRowCodec.encode(to.tally().skips()),
                position(to),
                to.state().name(),
                to.updateTime().toEpochMilli(),
                end == null ? null : end.toEpochMilli(),
                to.id().value(),
                position(from))
            .executeUpdate();
    if (advanced == 0) {
      // What was queued for it must not stand: the transaction is undone.
      throw new IllegalStateException("another node had replay " + to.id().value() + " as well");
    }
    return to;
  }

  private static long position(Replay replay) {
    DeliveryId cursor = replay.cursor();
    return cursor == null ? 0 : cursor.value();
  }
}
