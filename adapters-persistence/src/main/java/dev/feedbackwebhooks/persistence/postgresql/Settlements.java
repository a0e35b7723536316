package dev.feedbackwebhooks.persistence.postgresql;

import com.carrotsearch.hppc.LongHashSet;
import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.attempt.NextStep;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.Settlement;
import dev.feedbackwebhooks.persistence.stored.AttemptBlob;
import dev.feedbackwebhooks.persistence.stored.AttemptRow;
import dev.feedbackwebhooks.persistence.stored.Millis;
import dev.feedbackwebhooks.persistence.stored.ScopeIds;
import dev.feedbackwebhooks.persistence.stored.Statements;
import dev.feedbackwebhooks.persistence.stored.StoredState;
import dev.feedbackwebhooks.persistence.stored.Tally;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction settles, whoever asked for it: all is written at once. Used by the writer
 * only.
 */
final class Settlements {
  /**
   * Here and wherever rows are found by other rows' keys: a plain {@code =} could be planned as a
   * merge, which reads a whole day's index, where the day was empty as statistics were made.
   */
  static final String ACCEPTED =
      """
      WITH ended AS (
        UPDATE delivery d SET state = 2, attempts = settled.attempts, update_time = settled.at,
          accepted_start = settled.start, accepted_millis = settled.millis,
          accepted_status = settled.status, accepted_wire = settled.wire
        FROM unnest(?::bigint[], ?::bigint[], ?::int[], ?::bigint[], ?::bigint[], ?::bigint[],
            ?::int[], ?::bytea[])
          AS settled (id, claim_id, attempts, at, start, millis, status, wire)
        WHERE d.id = ANY (ARRAY[settled.id]) AND d.claim_id = settled.claim_id AND d.state = 1
        RETURNING d.id, d.scope_id),
      gone AS (
        DELETE FROM delivery_open o USING ended
        WHERE o.scope_id = ANY (ARRAY[ended.scope_id]) AND o.delivery_id = ANY (ARRAY[ended.id]))
      SELECT id FROM ended
      """;

  static final String OTHERS =
      """
      WITH moved AS (
        UPDATE delivery d SET state = settled.state, attempts = settled.attempts,
          update_time = settled.at, reason = settled.reason
        FROM unnest(?::bigint[], ?::bigint[], ?::int[], ?::int[], ?::bigint[], ?::text[],
            ?::bigint[])
          AS settled (id, claim_id, state, attempts, at, reason, due_at)
        WHERE d.id = ANY (ARRAY[settled.id]) AND d.claim_id = settled.claim_id AND d.state = 1
        RETURNING d.id, d.scope_id, d.state, settled.due_at),
      open AS (
        INSERT INTO delivery_open (delivery_id, scope_id, state, due_at)
        SELECT id, scope_id, state, due_at FROM moved WHERE state <> 2
        ON CONFLICT (delivery_id) DO UPDATE SET state = excluded.state, due_at = excluded.due_at),
      gone AS (
        DELETE FROM delivery_open o USING moved
        WHERE o.scope_id = ANY (ARRAY[moved.scope_id]) AND o.delivery_id = ANY (ARRAY[moved.id])
          AND moved.state = 2)
      SELECT id FROM moved
      """;
  private static final String INSERT_ATTEMPTS =
      """
      INSERT INTO attempt (delivery_id, number, start_time, duration_millis, result, failure,
        http_status, detail, next_time, wire)
      SELECT * FROM unnest(?::bigint[], ?::int[], ?::bigint[], ?::bigint[], ?::text[], ?::text[],
        ?::int[], ?::text[], ?::bigint[], ?::bytea[])
      ON CONFLICT (delivery_id, number) DO UPDATE SET start_time = excluded.start_time,
        duration_millis = excluded.duration_millis, result = excluded.result,
        failure = excluded.failure, http_status = excluded.http_status, detail = excluded.detail,
        next_time = excluded.next_time, wire = excluded.wire
      """;

  private record Row(Settlement settlement, Runnable stood) {
    Claim claim() {
      return settlement.claim();
    }

    long id() {
      return claim().id().value();
    }

    long time() {
      return settlement.at().toEpochMilli();
    }

    @Nullable Attempt attempt() {
      return settlement.attempt();
    }

    boolean isAccepted() {
      return attempt() != null && attempt().result() instanceof AttemptResult.Accepted;
    }

    StoredState state() {
      return switch (settlement.next()) {
        case NextStep _ when isAccepted() -> StoredState.DELIVERED;
        case NextStep.Done _ -> StoredState.DELIVERED;
        case NextStep.RetryAt _ -> StoredState.WAITING;
        case NextStep.GiveUp giveUp -> StoredState.of(giveUp.ending());
      };
    }

    int attempts() {
      return attempt() == null ? claim().attempts() : attempt().number();
    }

    String reason() {
      return settlement.next() instanceof NextStep.GiveUp giveUp ? giveUp.reason() : "";
    }

    @Nullable Long next() {
      return settlement.next() instanceof NextStep.RetryAt(Instant due) ? Millis.of(due) : null;
    }

    Instant due() {
      return settlement.next() instanceof NextStep.RetryAt(Instant due) ? due : settlement.at();
    }
  }

  /** An attempt that was made, as its delivery's row says nothing of it. */
  private record Made(long id, Attempt attempt, @Nullable Long next) {}

  private final Statements statements;
  private final ScopeIds scopes;
  private final PostgresTurns turns;
  private final FreshClaims claims;
  private final Tally tally;
  private final DatabaseClock clock;
  private final List<Row> accepted = new ArrayList<>();
  private final List<Row> others = new ArrayList<>();
  private final LongHashSet gathered = new LongHashSet();

  Settlements(
      Statements statements,
      ScopeIds scopes,
      PostgresTurns turns,
      FreshClaims claims,
      Tally tally,
      DatabaseClock clock) {
    this.statements = statements;
    this.scopes = scopes;
    this.turns = turns;
    this.claims = claims;
    this.tally = tally;
    this.clock = clock;
  }

  /** Takes settlements in. Whether their claims stood is there after the {@link #flush}. */
  boolean[] add(Connection connection, List<Settlement> settlements) throws SQLException {
    boolean[] stood = new boolean[settlements.size()];
    for (int i = 0; i < stood.length; i++) {
      int at = i;
      Row row = new Row(settlements.get(i), () -> stood[at] = true);
      if (!gathered.add(row.id())) {
        // The first one of two comes first.
        flush(connection);
        gathered.add(row.id());
      }
      (row.isAccepted() ? accepted : others).add(row);
    }
    return stood;
  }

  /** Forgets what was not written: its transaction is undone. */
  void clear() {
    accepted.clear();
    others.clear();
    gathered.clear();
  }

  void flush(Connection connection) throws SQLException {
    List<PostgresTurns.Ended> firsts = new ArrayList<>();
    if (!accepted.isEmpty()) {
      ended(connection, accepted, settleAccepted(connection), firsts);
    }
    if (!others.isEmpty()) {
      LongHashSet stood = settleOthers(connection);
      insertAttempts(connection, stood);
      ended(connection, others, stood, firsts);
    }
    turns.free(connection, firsts);
    clear();
  }

  private LongHashSet settleAccepted(Connection connection) throws SQLException {
    return ids(
        Columns.of(statements.of(connection, ACCEPTED), accepted)
            .longs(Row::id)
            .longs(row -> row.claim().claimId())
            .ints(Row::attempts)
            .longs(Row::time)
            .longs(row -> attempt(row).start().toEpochMilli())
            .longs(row -> attempt(row).duration().toMillis())
            .ints(row -> AttemptRow.httpStatus(attempt(row).result()))
            .bytes(row -> AttemptBlob.write(attempt(row).detail()))
            .statement());
  }

  private LongHashSet settleOthers(Connection connection) throws SQLException {
    return ids(
        Columns.of(statements.of(connection, OTHERS), others)
            .longs(Row::id)
            .longs(row -> row.claim().claimId())
            .ints(row -> row.state().code())
            .ints(Row::attempts)
            .longs(Row::time)
            .texts(Row::reason)
            .longs(row -> clock.at(row.due()))
            .statement());
  }

  private static LongHashSet ids(PreparedStatement statement) throws SQLException {
    LongHashSet ids = new LongHashSet();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        ids.add(row.getLong(1));
      }
    }
    return ids;
  }

  private static Attempt attempt(Row row) {
    return Objects.requireNonNull(row.attempt());
  }

  private void insertAttempts(Connection connection, LongHashSet stood) throws SQLException {
    List<Made> made =
        others.stream()
            .filter(row -> row.attempt() != null && stood.contains(row.id()))
            .map(row -> new Made(row.id(), attempt(row), row.next()))
            .toList();
    if (made.isEmpty()) {
      return;
    }
    Columns.of(statements.of(connection, INSERT_ATTEMPTS), made)
        .longs(Made::id)
        .ints(one -> one.attempt().number())
        .longs(one -> one.attempt().start().toEpochMilli())
        .longs(one -> one.attempt().duration().toMillis())
        .texts(one -> AttemptRow.result(one.attempt().result()))
        .texts(one -> AttemptRow.failure(one.attempt().result()))
        .ints(one -> AttemptRow.httpStatus(one.attempt().result()))
        .texts(one -> AttemptRow.detail(one.attempt().result()))
        .nullableLongs(Made::next)
        .bytes(one -> AttemptBlob.write(one.attempt().detail()))
        .statement()
        .executeUpdate();
  }

  private void ended(
      Connection connection, List<Row> rows, LongHashSet stood, List<PostgresTurns.Ended> firsts)
      throws SQLException {
    for (Row row : rows) {
      if (stood.contains(row.id())) {
        Claim claim = row.claim();
        row.stood().run();
        claims.ended(row.id());
        tally.ended(
            scopes.of(connection, claim.scope()), claim, row.state(), row.settlement().at());
        if (claim.leads() != null && row.state() != StoredState.WAITING) {
          firsts.add(new PostgresTurns.Ended(claim.leads(), row.settlement().at()));
        }
      }
    }
  }
}
