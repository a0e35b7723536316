package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.Enqueued;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.delivery.Settlement;
import dev.feedbackwebhooks.persistence.stored.DividedEnqueue;
import dev.feedbackwebhooks.persistence.stored.GroupCommit;
import dev.feedbackwebhooks.persistence.stored.PassedOver;
import dev.feedbackwebhooks.persistence.stored.Reads;
import dev.feedbackwebhooks.persistence.stored.Writing;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries' queue in PostgreSQL. All of it but a part of {@link #lanes} runs on the writer.
 */
final class PostgresQueue implements DeliveryQueue {
  /** What a row takes besides its payload, for the bound on what waits to be written. */
  private static final int ROW_BYTES = 400;

  private static final String NEXT_DUE =
      """
      SELECT due_at FROM delivery_open
      WHERE scope_id = ? AND state = 0 /* not those that are passed over */
      ORDER BY scope_id, due_at LIMIT 1
      """;
  static final String RELEASE =
      """
      WITH given AS (
        UPDATE delivery d SET state = 0 FROM unnest(?::bigint[], ?::bigint[]) AS held (id, claim_id)
        WHERE d.id = ANY (ARRAY[held.id]) AND d.claim_id = held.claim_id AND d.state = 1
        RETURNING d.id, d.scope_id)
      INSERT INTO delivery_open (delivery_id, scope_id, state, due_at)
      SELECT id, scope_id, 0, ? FROM given
      ON CONFLICT (delivery_id) DO UPDATE SET state = 0, due_at = excluded.due_at
      """;

  /**
   * From its first renewal on, what went straight out has a row in delivery_open as well: so a node
   * has to look for those of the length of a lease only.
   */
  static final String EXTEND =
      """
      WITH kept AS (
        UPDATE delivery d SET lease_until = held.until
        FROM unnest(?::bigint[], ?::bigint[], ?::bigint[]) AS held (id, claim_id, until)
        WHERE d.id = ANY (ARRAY[held.id]) AND d.claim_id = held.claim_id AND d.state = 1
        RETURNING d.id, d.scope_id, d.lease_until)
      INSERT INTO delivery_open (delivery_id, scope_id, state, due_at)
      SELECT id, scope_id, 1, lease_until FROM kept
      ON CONFLICT (delivery_id) DO UPDATE SET due_at = excluded.due_at
      """;

  /**
   * Of what has a row in delivery_open, whose due_at is the end of the lease. Whose holder is just
   * changing it is passed over; whose lease was made longer a moment ago stays.
   */
  static final String END_LAPSED =
      """
      WITH lapsed AS MATERIALIZED (
        SELECT o.delivery_id FROM delivery_open o JOIN delivery d ON d.id = ANY (ARRAY[o.delivery_id])
        WHERE o.state = 1 AND o.due_at <= ? /* not those that are passed over */
        FOR UPDATE OF d SKIP LOCKED),
      given AS (
        UPDATE delivery d SET state = 0 FROM lapsed
        WHERE d.id = ANY (ARRAY[lapsed.delivery_id]) AND d.state = 1 AND d.lease_until <= ?
        RETURNING d.id, d.scope_id)
      UPDATE delivery_open o SET state = 0 FROM given
      WHERE o.scope_id = ANY (ARRAY[given.scope_id]) AND o.delivery_id = ANY (ARRAY[given.id])
      """;

  private static final String LAPSED_IDS =
      """
      SELECT o.delivery_id FROM delivery_open o
      WHERE o.state = 1 AND o.due_at <= ? /* not those that are passed over */
      """;

  /** From one scope to the next by the index: not over all that waits. */
  private static final String LANES =
      """
      WITH RECURSIVE lane AS (
        (SELECT scope_id, due_at FROM delivery_open WHERE state = 0
         ORDER BY scope_id, due_at LIMIT 1)
        UNION ALL
        SELECT following.scope_id, following.due_at FROM lane CROSS JOIN LATERAL (
          SELECT o.scope_id, o.due_at FROM delivery_open o
          WHERE o.state = 0 AND o.scope_id > lane.scope_id
          ORDER BY o.scope_id, o.due_at LIMIT 1) AS following)
      SELECT organization, sandbox, due_at FROM lane JOIN scope ON scope.id = scope_id
      """;

  private final Reads reads;
  private final GroupCommit writes;
  private final Executor background;
  private final PostgresGathered gathered;
  private final DueClaims due;
  private final Successor successor;
  private final DividedEnqueue divided = new DividedEnqueue(this::store);

  /**
   * @param beside writes what the writer should not be held up by
   */
  PostgresQueue(
      Reads reads,
      GroupCommit writes,
      Executor background,
      PostgresGathered gathered,
      Writing beside) {
    this.reads = reads;
    this.writes = writes;
    this.background = background;
    this.gathered = gathered;
    this.due =
        new DueClaims(
            gathered.statements(), gathered.clock(), gathered.settled(), gathered.passed());
    this.successor = new Successor(reads, writes, gathered.claims(), beside);
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
    return writes
        .submitNew(connection -> gathered.enqueued().add(connection, entries), bytes)
        .thenApply(List::of);
  }

  @Override
  public CompletionStage<List<Optional<DeliveryId>>> known(List<EventName> events) {
    return writes
        .submitNew(
            connection -> gathered.enqueued().ask(connection, events),
            (long) ROW_BYTES * events.size())
        .thenApply(List::of);
  }

  @Override
  public CompletionStage<Claimed> claimDue(Scope scope, Room room, Instant dueBy, Lease lease) {
    return PassedOver.orWithCare(care ->
        writes.submit(connection -> {
          gathered.flush(connection);
          long scopeId = gathered.scopes().of(connection, scope);
          if (care) {
            due.findRefused(connection, scopeId, dueBy);
          }
          List<Claim> claims = due.claim(connection, scope, scopeId, room, dueBy, lease);
          return new Claimed(claims, nextDue(connection, scopeId));
        }));
  }

  private @Nullable Instant nextDue(Connection connection, long scopeId) throws SQLException {
    String sql = gathered.passed().leftOut(NEXT_DUE, "delivery_id");
    try (ResultSet row = gathered.statements().of(connection, sql, scopeId).executeQuery()) {
      return row.next() ? gathered.clock().here(row.getLong(1)) : null;
    }
  }

  @Override
  public CompletionStage<List<Boolean>> settle(List<Settlement> settlements) {
    return writes
        .submit(connection -> gathered.settled().add(connection, settlements))
        .thenApply(stood -> IntStream.range(0, stood.length).mapToObj(i -> stood[i]).toList());
  }

  @Override
  public CompletionStage<@Nullable Void> release(List<Claim> claims, Instant due) {
    return writes.<@Nullable Void>submit(connection -> {
      gathered.flush(connection);
      PreparedStatement release =
          Columns.of(gathered.statements().of(connection, RELEASE), claims)
              .longs(claim -> claim.id().value())
              .longs(Claim::claimId)
              .statement();
      release.setLong(3, gathered.clock().at(due));
      release.executeUpdate();
      claims.forEach(claim -> gathered.claims().ended(claim.id().value()));
      return null;
    });
  }

  @Override
  public CompletionStage<@Nullable Void> extend(List<Claim> claims, Instant until) {
    return writes.<@Nullable Void>submit(connection -> {
      gathered.flush(connection);
      long to = gathered.clock().at(until);
      Columns.of(gathered.statements().of(connection, EXTEND), claims)
          .longs(claim -> claim.id().value())
          .longs(Claim::claimId)
          .longs(_ -> to)
          .statement()
          .executeUpdate();
      claims.forEach(claim -> gathered.claims().ended(claim.id().value()));
      return null;
    });
  }

  @Override
  public CompletionStage<List<LaneDue>> lanes(Instant now) {
    CompletableFuture<List<Long>> lapsed =
        PassedOver.orWithCare(
            care -> writes.submit(connection -> endLapsed(connection, now, care)));
    return lapsed.thenApplyAsync(
        lost -> {
          successor.take(lost);
          return waitingLanes();
        },
        background);
  }

  /** Answers which nodes are lost. */
  private List<Long> endLapsed(Connection connection, Instant now, boolean care)
      throws SQLException {
    gathered.flush(connection);
    gathered.clock().measure(connection);
    long at = gathered.clock().at(now);
    PassedOver passed = gathered.passed();
    if (care) {
      String sql = passed.leftOut(LAPSED_IDS, "o.delivery_id");
      passed.find(connection, gathered.statements().of(connection, sql, at).executeQuery());
      passed.find(connection, gathered.claims().lapsedAt(at));
    }
    gathered.claims().endLapsed(connection, at);
    gathered.turns().askAgain(connection, now);
    String sql = passed.leftOut(END_LAPSED, "o.delivery_id");
    gathered.statements().of(connection, sql, at, at).executeUpdate();
    return gathered.node().lost(connection, at);
  }

  private List<LaneDue> waitingLanes() {
    return reads.withHandle(handle ->
        handle
            .createQuery(LANES)
            .map((row, _) ->
                new LaneDue(
                    new Scope(row.getString("organization"), row.getString("sandbox")),
                    gathered.clock().here(row.getLong("due_at"))))
            .list());
  }
}
