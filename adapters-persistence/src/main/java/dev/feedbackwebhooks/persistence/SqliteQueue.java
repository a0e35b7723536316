package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.attempt.NextStep;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.Enqueued;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.delivery.Settlement;
import dev.feedbackwebhooks.persistence.stored.AttemptBlob;
import dev.feedbackwebhooks.persistence.stored.AttemptRow;
import dev.feedbackwebhooks.persistence.stored.DividedEnqueue;
import dev.feedbackwebhooks.persistence.stored.GroupCommit;
import dev.feedbackwebhooks.persistence.stored.Millis;
import dev.feedbackwebhooks.persistence.stored.PassedOver;
import dev.feedbackwebhooks.persistence.stored.Reads;
import dev.feedbackwebhooks.persistence.stored.ScopeIds;
import dev.feedbackwebhooks.persistence.stored.Statements;
import dev.feedbackwebhooks.persistence.stored.StoredState;
import dev.feedbackwebhooks.persistence.stored.Tally;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The deliveries' queue in SQLite. All of it but a part of {@link #lanes} runs on the writer. */
final class SqliteQueue implements DeliveryQueue {
  /** What a row takes besides its payload, for the bound on what waits to be written. */
  private static final int ROW_BYTES = 400;

  private static final String SETTLE =
      """
      UPDATE delivery SET state = ?, due_at = ?, attempts = ?, update_time = ?, reason = ?
      WHERE id = ? AND state = 1 AND claim_id = ?
      """;
  private static final String DELIVERED =
      """
      UPDATE delivery SET state = 2, attempts = ?, update_time = ?, accepted_start = ?,
        accepted_millis = ?, accepted_status = ?, accepted_wire = ?
      WHERE id = ? AND state = 1 AND claim_id = ?
      """;
  private static final String INSERT_ATTEMPT =
      """
      INSERT OR REPLACE INTO attempt (delivery_id, number, start_time, duration_millis, result,
        failure, http_status, detail, next_time, wire)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;
  private static final String RELEASE =
      "UPDATE delivery SET state = 0, due_at = ? WHERE id = ? AND state = 1 AND claim_id = ?";
  private static final String EXTEND =
      "UPDATE delivery SET due_at = ? WHERE id = ? AND state = 1 AND claim_id = ?";

  /** From one scope to the next by the index: not over all that waits. */
  static final String SELECT_LANES =
      """
      WITH RECURSIVE lane (scope_id) AS (
        SELECT (SELECT scope_id FROM delivery INDEXED BY delivery_waiting
          WHERE state = 0 ORDER BY scope_id LIMIT 1)
        UNION ALL
        SELECT (SELECT scope_id FROM delivery INDEXED BY delivery_waiting
          WHERE state = 0 AND scope_id > lane.scope_id ORDER BY scope_id LIMIT 1)
        FROM lane WHERE lane.scope_id IS NOT NULL)
      SELECT organization, sandbox, (SELECT due_at FROM delivery INDEXED BY delivery_waiting
        WHERE state = 0 AND scope_id = lane.scope_id ORDER BY due_at LIMIT 1) AS due
      FROM lane JOIN scope ON scope.id = lane.scope_id
      """;

  private final Reads reads;
  private final GroupCommit writes;
  private final ScopeIds scopes;
  private final Executor background;
  private final Statements statements;
  private final EventKeys keys;
  private final EnqueueBatch batch;
  private final DetailRoom room;
  private final Tally tally;
  private final MessageTurns turns;
  private final SqliteClaims claims;
  private final EventHash hash = new EventHash();
  private final DividedEnqueue divided = new DividedEnqueue(this::store);

  SqliteQueue(Reads reads, GroupCommit writes, Executor background, Gathered gathered) {
    this.reads = reads;
    this.writes = writes;
    this.background = background;
    this.scopes = gathered.scopes();
    this.statements = gathered.statements();
    this.keys = gathered.keys();
    this.batch = gathered.batch();
    this.room = gathered.room();
    this.tally = gathered.tally();
    this.turns = new MessageTurns(statements);
    this.claims = new SqliteClaims(statements, scopes);
  }

  @Override
  public CompletionStage<List<Enqueued>> enqueue(List<Entry> entries) {
    return divided.enqueue(entries);
  }

  private CompletableFuture<List<Enqueued>> store(List<Entry> entries) {
    long bytes = 0;
    for (Entry entry : entries) {
      bytes += entry.delivery().payload().size() + (long) ROW_BYTES;
    }
    return writes.submitNew(
        connection -> {
          List<Enqueued> answers = new ArrayList<>(entries.size());
          for (Entry entry : entries) {
            answers.add(enqueue(connection, entry));
          }
          return answers;
        },
        bytes);
  }

  private Enqueued enqueue(Connection connection, Entry entry) throws SQLException {
    NewDelivery delivery = entry.delivery();
    String eventId = delivery.subject().eventId();
    long scopeId = scopes.of(connection, delivery.scope());
    long key = hash.of(scopeId, eventId);
    long known = keys.putIfAbsent(connection, scopeId, eventId, key, delivery.id().value(), batch);
    if (known != EventKeys.NONE) {
      return new Enqueued.Duplicate(new DeliveryId(known));
    }
    batch.add(entry, scopeId, key, turns.due(connection, entry));
    return new Enqueued.Stored(delivery.id());
  }

  @Override
  public CompletionStage<List<Optional<DeliveryId>>> known(List<EventName> events) {
    return writes.submitNew(
        connection -> {
          List<Optional<DeliveryId>> answers = new ArrayList<>(events.size());
          Set<Scope> absent = new HashSet<>();
          for (EventName event : events) {
            answers.add(known(connection, event, absent));
          }
          return answers;
        },
        (long) ROW_BYTES * events.size());
  }

  private Optional<DeliveryId> known(Connection connection, EventName event, Set<Scope> absent)
      throws SQLException {
    Long scopeId = scopes.find(connection, event.scope(), absent);
    if (scopeId == null) {
      return Optional.empty();
    }
    long key = hash.of(scopeId, event.eventId());
    long id = keys.find(connection, scopeId, event.eventId(), key, batch);
    return id == EventKeys.NONE ? Optional.empty() : Optional.of(new DeliveryId(id));
  }

  @Override
  public CompletionStage<Claimed> claimDue(Scope scope, Room room, Instant dueBy, Lease lease) {
    return PassedOver.orWithCare(care ->
        writes.submit(connection -> {
          batch.flush(connection);
          return claims.claim(connection, scope, room, dueBy, lease, care);
        }));
  }

  @Override
  public CompletionStage<List<Boolean>> settle(List<Settlement> settlements) {
    return writes.submit(connection -> {
      List<Boolean> stood = new ArrayList<>(settlements.size());
      for (Settlement settlement : settlements) {
        stood.add(settle(connection, settlement));
      }
      return stood;
    });
  }

  private boolean settle(Connection connection, Settlement settlement) throws SQLException {
    Attempt attempt = settlement.attempt();
    if (attempt != null && attempt.result() instanceof AttemptResult.Accepted(int status)) {
      return delivered(connection, settlement, attempt, status);
    }
    boolean changed = changed(connection, settlement);
    if (changed && attempt != null) {
      insert(connection, settlement.claim().id(), attempt, settlement.next());
    }
    return changed;
  }

  private boolean delivered(
      Connection connection, Settlement settlement, Attempt attempt, int status)
      throws SQLException {
    Claim claim = settlement.claim();
    byte[] detail = AttemptBlob.write(attempt.detail());
    room.took(claim.configId(), detail == null ? 0 : detail.length);
    boolean changed =
        statements
                .of(
                    connection,
                    DELIVERED,
                    attempt.number(),
                    settlement.at().toEpochMilli(),
                    attempt.start().toEpochMilli(),
                    attempt.duration().toMillis(),
                    status,
                    detail,
                    claim.id().value(),
                    claim.claimId())
                .executeUpdate()
            == 1;
    if (changed) {
      ended(connection, settlement, StoredState.DELIVERED);
    }
    return changed;
  }

  private boolean changed(Connection connection, Settlement settlement) throws SQLException {
    Claim claim = settlement.claim();
    Attempt attempt = settlement.attempt();
    long at = settlement.at().toEpochMilli();
    StoredState state =
        switch (settlement.next()) {
          case NextStep.Done _ -> StoredState.DELIVERED;
          case NextStep.RetryAt _ -> StoredState.WAITING;
          case NextStep.GiveUp giveUp -> StoredState.of(giveUp.ending());
        };
    long due = settlement.next() instanceof NextStep.RetryAt(Instant next) ? Millis.of(next) : at;
    String reason = settlement.next() instanceof NextStep.GiveUp giveUp ? giveUp.reason() : "";
    boolean changed =
        statements
                .of(
                    connection,
                    SETTLE,
                    state.code(),
                    due,
                    attempt == null ? claim.attempts() : attempt.number(),
                    at,
                    reason,
                    claim.id().value(),
                    claim.claimId())
                .executeUpdate()
            == 1;
    if (changed) {
      ended(connection, settlement, state);
    }
    return changed;
  }

  private void ended(Connection connection, Settlement settlement, StoredState state)
      throws SQLException {
    Claim claim = settlement.claim();
    tally.ended(scopes.of(connection, claim.scope()), claim, state, settlement.at());
    if (claim.leads() != null && state != StoredState.WAITING) {
      // Some of those that wait for it may have come in this transaction.
      batch.flush(connection);
      turns.free(connection, claim.leads(), settlement.at());
    }
  }

  private void insert(Connection connection, DeliveryId id, Attempt attempt, NextStep next)
      throws SQLException {
    AttemptResult result = attempt.result();
    statements
        .of(
            connection,
            INSERT_ATTEMPT,
            id.value(),
            attempt.number(),
            attempt.start().toEpochMilli(),
            attempt.duration().toMillis(),
            AttemptRow.result(result),
            AttemptRow.failure(result),
            AttemptRow.httpStatus(result),
            AttemptRow.detail(result),
            next instanceof NextStep.RetryAt(Instant due) ? Millis.of(due) : null,
            AttemptBlob.write(attempt.detail()))
        .executeUpdate();
  }

  @Override
  public CompletionStage<@Nullable Void> release(List<Claim> claims, Instant due) {
    return moveDue(RELEASE, claims, due);
  }

  @Override
  public CompletionStage<@Nullable Void> extend(List<Claim> claims, Instant until) {
    return moveDue(EXTEND, claims, until);
  }

  private CompletionStage<@Nullable Void> moveDue(String sql, List<Claim> claims, Instant due) {
    return writes.<@Nullable Void>submit(connection -> {
      for (Claim claim : claims) {
        statements
            .of(connection, sql, Millis.of(due), claim.id().value(), claim.claimId())
            .executeUpdate();
      }
      return null;
    });
  }

  @Override
  public CompletionStage<List<LaneDue>> lanes(Instant now) {
    CompletableFuture<Integer> lapsed =
        PassedOver.orWithCare(
            care -> writes.submit(connection -> claims.endLapsed(connection, now, care)));
    return lapsed.thenApplyAsync(_ -> waitingLanes(), background);
  }

  private List<LaneDue> waitingLanes() {
    return reads.withHandle(handle ->
        handle
            .createQuery(SELECT_LANES)
            .map((row, _) ->
                new LaneDue(
                    new Scope(row.getString("organization"), row.getString("sandbox")),
                    Instant.ofEpochMilli(row.getLong("due"))))
            .list());
  }
}
