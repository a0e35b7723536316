package dev.feedbackwebhooks.persistence;

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
import dev.feedbackwebhooks.persistence.stored.ScopeIds;
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
import org.jspecify.annotations.Nullable;

/** Deliveries as operators see them. */
final class SqliteBook implements DeliveryReads {
  private static final String SELECT =
      SqliteRow.SELECT
          + """
          FROM scope s
          JOIN delivery d ON d.scope_id = s.id
          LEFT JOIN webhook_config c ON c.scope_id = s.id
          WHERE s.organization = :organization AND s.sandbox = :sandbox AND d.id = :id
          """;

  private static final String OPEN =
      """
      SELECT COALESCE(SUM(accepted - delivered - exhausted - refused - cancelled), 0)
      FROM delivery_count
      """;

  /** One look into the index for each sandbox, not a walk through it. */
  private static final String EARLIEST_DUE =
      """
      SELECT MIN((SELECT MIN(due_at) FROM delivery INDEXED BY delivery_waiting
        WHERE scope_id = c.scope_id AND state = 0))
      FROM webhook_config c WHERE c.active
      """;

  private static final String EARLIEST_DUE_OF =
      """
      SELECT (SELECT MIN(due_at) FROM delivery INDEXED BY delivery_waiting
        WHERE scope_id = s.id AND state = 0) AS due
      FROM scope s WHERE organization = ? AND sandbox = ?
      """;

  private static final String RETRY =
      """
      UPDATE delivery
      SET state = 0, due_at = ?1, update_time = ?1, config_id = ?2, first_of_round = attempts,
        reason = ''
      WHERE id = ?3 AND scope_id = ?4 AND state IN (0, 3, 4, 5)
      """;

  private static final String WITHOUT_BODY =
      """
      SELECT 1 FROM delivery WHERE id = ? AND state IN (3, 4, 5)
        AND NOT EXISTS (SELECT 1 FROM payload WHERE delivery_id = id)
      """;

  private final Reads reads;
  private final GroupCommit writes;
  private final ScopeIds scopes;
  private final Tally tally;

  SqliteBook(Reads reads, GroupCommit writes, ScopeIds scopes, Tally tally) {
    this.reads = reads;
    this.writes = writes;
    this.scopes = scopes;
    this.tally = tally;
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
        .createQuery("SELECT * FROM attempt WHERE delivery_id = :id ORDER BY number")
        .bind("id", id.value())
        .map((row, _) -> AttemptRow.read(row))
        .list();
  }

  @Override
  public DeliveryPage list(
      Scope scope, DeliveryFilter filter, @Nullable DeliveryId before, int limit) {
    return reads.inTransaction(
        handle -> new DeliverySearch(handle, scope, filter, limit).page(before));
  }

  @Override
  public RetryOutcome retry(
      Scope scope, DeliveryId id, long configId, Instant now, AuditEntry entry) {
    return writes.awaitRecorded(connection -> {
      long scopeId = scopes.of(connection, scope);
      if (isWithoutBody(connection, id)) {
        return RetryOutcome.BODY_GONE;
      }
      Tally.Before before = before(connection, id);
      try (var update = connection.prepareStatement(RETRY)) {
        update.setLong(1, now.toEpochMilli());
        update.setLong(2, configId);
        update.setLong(3, id.value());
        update.setLong(4, scopeId);
        if (update.executeUpdate() != 1) {
          return RetryOutcome.NOT_RETRYABLE;
        }
      }
      tally.reopened(scopeId, id, before, configId, now);
      StoredAudit.append(connection, scopeId, entry);
      return RetryOutcome.DUE;
    });
  }

  private static Tally.Before before(Connection connection, DeliveryId id) throws SQLException {
    try (var select =
        connection.prepareStatement("SELECT state, config_id FROM delivery WHERE id = ?")) {
      select.setLong(1, id.value());
      try (ResultSet row = select.executeQuery()) {
        return row.next()
            ? new Tally.Before(StoredState.of(row.getInt(1)), row.getLong(2))
            : new Tally.Before(StoredState.WAITING, 0);
      }
    }
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
      tally.latencies().write(connection);
      return 0;
    });
  }

  private static boolean isWithoutBody(Connection connection, DeliveryId id) throws SQLException {
    try (var select = connection.prepareStatement(WITHOUT_BODY)) {
      select.setLong(1, id.value());
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    }
  }
}
