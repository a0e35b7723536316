package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.replay.Replay;
import dev.feedbackwebhooks.domain.replay.ReplayId;
import dev.feedbackwebhooks.domain.replay.ReplaySkip;
import dev.feedbackwebhooks.domain.replay.ReplayStore;
import dev.feedbackwebhooks.domain.replay.ReplayTally;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Replays in rows. */
public final class StoredReplays implements ReplayStore {
  private static final String SELECT =
      """
      SELECT r.id, r.scope_id, r.request_id, r.filter_text, r.filter, r.per_second, r.state, r.matched,
        r.replayed, r.skips, r.cursor, r.create_time, r.update_time, r.end_time, s.organization,
        s.sandbox
      FROM replay r JOIN scope s ON s.id = r.scope_id
      """;

  private static final String INSERT =
      """
      INSERT INTO replay (id, scope_id, request_id, filter_text, filter, per_second, state, matched,
        replayed, skips, cursor, create_time, update_time)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String SELECT_OF_REQUEST =
      SELECT + "WHERE r.scope_id = ? AND r.request_id = ?";
  private static final String COUNT_RUNNING =
      "SELECT COUNT(*) FROM replay WHERE scope_id = ? AND state = 'RUNNING'";
  private static final String SELECT_ONE = SELECT + "WHERE r.scope_id = ? AND r.id = ?";
  private static final String CANCEL =
      """
      UPDATE replay SET state = 'CANCELLED', update_time = ?, end_time = ?
      WHERE scope_id = ? AND id = ? AND state = 'RUNNING'
      """;
  private static final String DELETE =
      "DELETE FROM replay WHERE scope_id = ? AND id = ? AND state <> 'RUNNING'";
  private static final String FORGET =
      "DELETE FROM replay WHERE state <> 'RUNNING' AND end_time < ?";

  private final Reads reads;
  private final GroupCommit writes;
  private final ScopeIds scopes;
  private final Statements statements;
  private final ReplayedDeliveries deliveries;
  private final ReplayStep step;

  public StoredReplays(
      Reads reads,
      GroupCommit writes,
      Executor background,
      ScopeIds scopes,
      Statements statements,
      Tally tally,
      ReplayedDeliveries deliveries) {
    this.reads = reads;
    this.writes = writes;
    this.scopes = scopes;
    this.statements = statements;
    this.deliveries = deliveries;
    this.step = new ReplayStep(reads, writes, background, scopes, statements, tally, deliveries);
  }

  @Override
  public ReplayTally survey(Scope scope, DeliveryFilter filter) {
    ReplayCandidates candidates = new ReplayCandidates(deliveries, scope, filter);
    return reads.withHandle(handle ->
        handle
            .createQuery(candidates.survey())
            .bindMap(candidates.parameters())
            .map((row, _) -> tally(row))
            .one());
  }

  private static ReplayTally tally(ResultSet row) throws SQLException {
    Map<ReplaySkip, Long> skips = new EnumMap<>(ReplaySkip.class);
    for (ReplaySkip reason : ReplaySkip.values()) {
      long count = row.getLong(reason.name());
      if (count > 0) {
        skips.put(reason, count);
      }
    }
    return new ReplayTally(row.getLong("matched"), row.getLong("replayed"), skips);
  }

  @Override
  public Started start(Replay replay, int most, AuditEntry entry) {
    return writes.awaitRecorded(connection -> {
      long scopeId = scopes.of(connection, replay.scope());
      Optional<Replay> known = ofRequest(connection, scopeId, replay.plan().requestId());
      if (known.isPresent()) {
        return new Started.Known(known.get());
      }
      if (running(connection, scopeId) >= most) {
        return new Started.TooMany();
      }
      insert(connection, scopeId, replay);
      StoredAudit.append(connection, scopeId, entry);
      return new Started.Stored();
    });
  }

  private Optional<Replay> ofRequest(Connection connection, long scopeId, String requestId)
      throws SQLException {
    return requestId.isEmpty()
        ? Optional.empty()
        : one(statements.of(connection, SELECT_OF_REQUEST, scopeId, requestId).executeQuery());
  }

  private long running(Connection connection, long scopeId) throws SQLException {
    try (ResultSet row = statements.of(connection, COUNT_RUNNING, scopeId).executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  private void insert(Connection connection, long scopeId, Replay replay) throws SQLException {
    String requestId = replay.plan().requestId();
    statements
        .of(
            connection,
            INSERT,
            replay.id().value(),
            scopeId,
            requestId.isEmpty() ? null : requestId,
            replay.plan().text(),
            ReplayRowCodec.encode(replay.plan().filter()),
            replay.plan().perSecond(),
            replay.state().name(),
            replay.tally().matched(),
            replay.tally().replayed(),
            ReplayRowCodec.encode(replay.tally().skips()),
            0L,
            replay.createTime().toEpochMilli(),
            replay.updateTime().toEpochMilli())
        .executeUpdate();
  }

  private static Optional<Replay> one(ResultSet rows) throws SQLException {
    try (rows) {
      return rows.next() ? Optional.of(ReplayRowCodec.read(rows)) : Optional.empty();
    }
  }

  @Override
  public Optional<Replay> find(Scope scope, ReplayId id) {
    return reads.withHandle(handle ->
        handle
            .createQuery(
                SELECT
                    + "WHERE r.id = :id AND s.organization = :organization AND s.sandbox = :sandbox")
            .bind("id", id.value())
            .bind("organization", scope.organization())
            .bind("sandbox", scope.sandbox())
            .map((row, _) -> ReplayRowCodec.read(row))
            .findOne());
  }

  @Override
  public Optional<Replay> ofRequest(Scope scope, String requestId) {
    return reads.withHandle(handle ->
        handle
            .createQuery(
                SELECT
                    + """
                    WHERE r.request_id = :request
                      AND s.organization = :organization AND s.sandbox = :sandbox
                    """)
            .bind("request", requestId)
            .bind("organization", scope.organization())
            .bind("sandbox", scope.sandbox())
            .map((row, _) -> ReplayRowCodec.read(row))
            .findOne());
  }

  @Override
  public List<Replay> list(
      Scope scope, @Nullable Boolean over, @Nullable ReplayId before, int limit) {
    return reads.withHandle(handle ->
        handle
            .createQuery(
                SELECT
                    + """
                    WHERE s.organization = :organization AND s.sandbox = :sandbox
                      AND (r.state <> 'RUNNING' OR :running) AND (r.state = 'RUNNING' OR :over)
                      AND r.id < :before
                    ORDER BY r.id DESC LIMIT :limit
                    """)
            .bind("organization", scope.organization())
            .bind("sandbox", scope.sandbox())
            .bind("running", over == null || !over)
            .bind("over", over == null || over)
            .bind("before", before == null ? Long.MAX_VALUE : before.value())
            .bind("limit", limit)
            .map((row, _) -> ReplayRowCodec.read(row))
            .list());
  }

  @Override
  public List<Replay> running() {
    return reads.withHandle(handle ->
        handle
            .createQuery(SELECT + "WHERE r.state = 'RUNNING'")
            .map((row, _) -> ReplayRowCodec.read(row))
            .list());
  }

  @Override
  public Optional<Replay> cancel(Scope scope, ReplayId id, Instant now, AuditEntry entry) {
    return writes.awaitRecorded(connection -> {
      long scopeId = scopes.of(connection, scope);
      long at = now.toEpochMilli();
      if (statements.of(connection, CANCEL, at, at, scopeId, id.value()).executeUpdate() == 1) {
        StoredAudit.append(connection, scopeId, entry);
      }
      return one(statements.of(connection, SELECT_ONE, scopeId, id.value()).executeQuery());
    });
  }

  @Override
  public boolean delete(Scope scope, ReplayId id, AuditEntry entry) {
    return writes.awaitRecorded(connection -> {
      long scopeId = scopes.of(connection, scope);
      if (statements.of(connection, DELETE, scopeId, id.value()).executeUpdate() != 1) {
        return false;
      }
      StoredAudit.append(connection, scopeId, entry);
      return true;
    });
  }

  @Override
  public CompletionStage<Replay> step(Replay replay, int most, Instant now) {
    return step.take(replay, most, now);
  }

  @Override
  public CompletionStage<Integer> forget(Instant until) {
    return writes.submit(
        connection -> statements.of(connection, FORGET, until.toEpochMilli()).executeUpdate());
  }
}
