package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Backlog;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryPage;
import dev.feedbackwebhooks.domain.delivery.DeliveryReads;
import dev.feedbackwebhooks.domain.delivery.DeliveryStats;
import dev.feedbackwebhooks.domain.delivery.RetryOutcome;
import dev.feedbackwebhooks.persistence.stored.AttemptRow;
import dev.feedbackwebhooks.persistence.stored.DeliveryRow;
import dev.feedbackwebhooks.persistence.stored.GroupCommit;
import dev.feedbackwebhooks.persistence.stored.Reads;
import dev.feedbackwebhooks.persistence.stored.Statements;
import dev.feedbackwebhooks.persistence.stored.StatsQuery;
import dev.feedbackwebhooks.persistence.stored.StoredAudit;
import dev.feedbackwebhooks.persistence.stored.StoredState;
import dev.feedbackwebhooks.persistence.stored.Tally;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;

/** Deliveries as operators see them. */
final class PostgresBook implements DeliveryReads {
  static final String SELECT =
      PostgresRow.SELECT
          + """
          FROM scope s
          JOIN delivery d ON d.scope_id = ANY (ARRAY[s.id])
          LEFT JOIN webhook_config c ON c.scope_id = ANY (ARRAY[s.id])
          WHERE s.organization = :organization AND s.sandbox = :sandbox AND d.id = ANY (ARRAY[CAST(:id AS bigint)])
          """;

  static final String ATTEMPTS =
      """
      SELECT number, start_time, duration_millis, result, failure, http_status, detail, next_time,
        wire
      FROM attempt WHERE delivery_id = :id ORDER BY number
      """;

  private static final String OPEN =
      """
      SELECT COALESCE(SUM(accepted - delivered - exhausted - refused - cancelled), 0)
      FROM delivery_count
      """;

  /** One look into the index for each sandbox, not a walk through it. */
  private static final String EARLIEST_DUE =
      """
      SELECT MIN((SELECT due_at FROM delivery_open o WHERE o.scope_id = c.scope_id AND o.state = 0
        ORDER BY o.scope_id, o.due_at LIMIT 1))
      FROM webhook_config c WHERE c.active
      """;

  private static final String EARLIEST_DUE_OF =
      """
      SELECT (SELECT due_at FROM delivery_open o WHERE o.scope_id = s.id AND o.state = 0
        ORDER BY o.scope_id, o.due_at LIMIT 1) AS due
      FROM scope s WHERE organization = ? AND sandbox = ?
      """;

  /** Before it is read how it stands: another node may just be claiming, settling or purging it. */
  static final String LOCK =
      "SELECT id FROM delivery WHERE id = ANY (ARRAY[?::bigint]) AND scope_id = ? FOR UPDATE";

  /** As replays have it, see {@link PostgresReplayed}: without those whose day is being dropped. */
  static final String BEFORE =
      """
      SELECT state, config_id, EXISTS (SELECT FROM payload WHERE delivery_id = d.id) AS has_body
      FROM delivery d JOIN event_key k ON k.key = ANY (ARRAY[d.event_key]) AND k.delivery_id = d.id
      WHERE id = ANY (ARRAY[?::bigint]) AND scope_id = ? FOR UPDATE
      """;

  static final String RETRY =
      """
      UPDATE delivery SET state = 0, update_time = ?, config_id = ?, first_of_round = attempts,
        reason = ''
      WHERE id = ANY (ARRAY[?::bigint]) AND state = ?
      """;

  /** Puts a delivery among those that wait. */
  static final String QUEUE =
      """
      INSERT INTO delivery_open (delivery_id, scope_id, state, due_at) VALUES (?, ?, 0, ?)
      ON CONFLICT (delivery_id) DO UPDATE SET state = 0, due_at = excluded.due_at
      """;

  private record Before(Tally.Before what, boolean hasBody) {}

  private final Reads reads;
  private final GroupCommit writes;
  private final PostgresGathered gathered;

  PostgresBook(Reads reads, GroupCommit writes, PostgresGathered gathered) {
    this.reads = reads;
    this.writes = writes;
    this.gathered = gathered;
  }

  @Override
  public Optional<Delivery> find(Scope scope, DeliveryId id) {
    return reads.withHandle(handle -> {
      List<Attempt> attempts = attempts(handle, id);
      return handle
          .createQuery(SELECT)
          .bind("organization", scope.organization())
          .bind("sandbox", scope.sandbox())
          .bind("id", id.value())
          .map((row, _) -> DeliveryRow.readWithAccepted(scope, row, attempts))
          .findOne();
    });
  }

  private static List<Attempt> attempts(Handle handle, DeliveryId id) {
    return handle
        .createQuery(ATTEMPTS)
        .bind("id", id.value())
        .map((row, _) -> AttemptRow.read(row))
        .list();
  }

  @Override
  public DeliveryPage list(
      Scope scope, DeliveryFilter filter, @Nullable DeliveryId before, int limit) {
    // What is removed meanwhile must not change how far the page came.
    return reads.inTransaction(
        TransactionIsolationLevel.REPEATABLE_READ,
        handle -> new PostgresSearch(handle, scope, filter, limit).page(before));
  }

  @Override
  public RetryOutcome retry(
      Scope scope, DeliveryId id, long configId, Instant now, AuditEntry entry) {
    return writes.awaitRecorded(connection -> {
      gathered.flush(connection);
      long scopeId = gathered.scopes().of(connection, scope);
      Before before = before(connection, id, scopeId);
      if (before == null) {
        return RetryOutcome.NOT_RETRYABLE;
      }
      RetryOutcome outcome = outcome(before);
      if (outcome == RetryOutcome.DUE) {
        if (!retry(connection, scopeId, id, before.what(), configId, now)) {
          return RetryOutcome.NOT_RETRYABLE;
        }
        gathered.tally().reopened(scopeId, id, before.what(), configId, now);
        StoredAudit.append(connection, scopeId, entry);
      }
      return outcome;
    });
  }

  private @Nullable Before before(Connection connection, DeliveryId id, long scopeId)
      throws SQLException {
    gathered.statements().of(connection, LOCK, id.value(), scopeId).executeQuery().close();
    try (ResultSet row =
        gathered.statements().of(connection, BEFORE, id.value(), scopeId).executeQuery()) {
      return row.next()
          ? new Before(
              new Tally.Before(StoredState.of(row.getInt("state")), row.getLong("config_id")),
              row.getBoolean("has_body"))
          : null;
    }
  }

  private static RetryOutcome outcome(Before before) {
    return switch (before.what().state()) {
      case CLAIMED, DELIVERED -> RetryOutcome.NOT_RETRYABLE;
      case WAITING -> RetryOutcome.DUE;
      case EXHAUSTED, REFUSED, CANCELLED ->
          before.hasBody() ? RetryOutcome.DUE : RetryOutcome.BODY_GONE;
    };
  }

  /** Answers false, and changes nothing, if it is not what it was before any more. */
  private boolean retry(
      Connection connection,
      long scopeId,
      DeliveryId id,
      Tally.Before before,
      long configId,
      Instant now)
      throws SQLException {
    Statements statements = gathered.statements();
    long at = now.toEpochMilli();
    int state = before.state().code();
    if (statements.of(connection, RETRY, at, configId, id.value(), state).executeUpdate() == 0) {
      return false;
    }
    long due = gathered.clock().at(now);
    statements.of(connection, QUEUE, id.value(), scopeId, due).executeUpdate();
    return true;
  }

  @Override
  public DeliveryStats stats(Scope scope) {
    // Where nothing can be written, what was counted before is told all the same.
    var _ = writeLatencies().handle((_, _) -> 0).join();
    return reads.inTransaction(handle -> new StatsQuery(handle, scope, EARLIEST_DUE_OF).read());
  }

  @Override
  public Backlog backlog() {
    return reads.inTransaction(handle -> new Backlog(open(handle), earliestDue(handle)));
  }

  private static long open(Handle handle) {
    return handle.createQuery(OPEN).mapTo(Long.class).one();
  }

  private static @Nullable Instant earliestDue(Handle handle) {
    return handle
        .createQuery(EARLIEST_DUE)
        .mapTo(Long.class)
        .findOne()
        .map(Instant::ofEpochMilli)
        .orElse(null);
  }

  /** Latencies are gathered for a while; now they are written. */
  CompletableFuture<Integer> writeLatencies() {
    return writes.submit(connection -> {
      gathered.tally().latencies().write(connection);
      return 0;
    });
  }
}
