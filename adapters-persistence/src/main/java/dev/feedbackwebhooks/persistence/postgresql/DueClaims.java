package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.domain.attempt.NextStep;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Room;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.delivery.MessageKey;
import dev.feedbackwebhooks.domain.delivery.Payload;
import dev.feedbackwebhooks.domain.delivery.SendReason;
import dev.feedbackwebhooks.domain.delivery.Settlement;
import dev.feedbackwebhooks.domain.delivery.TraceParent;
import dev.feedbackwebhooks.persistence.stored.PassedOver;
import dev.feedbackwebhooks.persistence.stored.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Claims what waits and is due. Used by the writer only. */
final class DueClaims {
  /** What is left of one whose body was removed. */
  private static final String BODILESS = "its body was removed";

  private static final Payload NOTHING = Payload.of(new byte[0]);

  private static final SendReason FEEDBACK = new SendReason.Feedback();

  /** Before each row, the bytes of those that are due earlier. */
  static final String CLAIM =
      """
      WITH due AS MATERIALIZED (
        SELECT delivery_id, scope_id, due_at FROM delivery_open
        WHERE scope_id = ? AND state = 0 AND due_at <= ? /* not those that are passed over */
        ORDER BY scope_id, due_at LIMIT ? FOR UPDATE SKIP LOCKED),
      sized AS (
        SELECT due.delivery_id, due.scope_id, due.due_at,
          COALESCE(SUM(octet_length(p.body)) OVER (ORDER BY due.due_at, due.delivery_id
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS earlier
        FROM due LEFT JOIN payload p ON p.delivery_id = ANY (ARRAY[due.delivery_id])),
      taken AS MATERIALIZED (
        SELECT delivery_id, scope_id, due_at FROM sized WHERE earlier < ?),
      marked AS (
        UPDATE delivery_open o SET state = 1, due_at = ? FROM taken
        WHERE o.scope_id = ANY (ARRAY[taken.scope_id])
          AND o.delivery_id = ANY (ARRAY[taken.delivery_id])),
      claimed AS (
        UPDATE delivery d SET state = 1, claim_id = ?, lease_until = ? FROM taken
        WHERE d.id = ANY (ARRAY[taken.delivery_id])
        RETURNING d.id, d.config_id, d.attempts, d.first_of_round, d.replay,
          CASE WHEN d.feedback_status = 'sent' THEN d.message END AS leads, taken.due_at)
      SELECT claimed.*, p.body, p.traceparent
      FROM claimed LEFT JOIN payload p ON p.delivery_id = ANY (ARRAY[claimed.id])
      ORDER BY claimed.due_at, claimed.id
      """;

  /** More than a claim takes, so that a row that is refused is soon found. */
  private static final String DUE_IDS =
      """
      SELECT delivery_id FROM delivery_open
      WHERE scope_id = ? AND state = 0 AND due_at <= ? /* not those that are passed over */
      ORDER BY scope_id, due_at LIMIT 1024
      """;

  private final Statements statements;
  private final DatabaseClock clock;
  private final Settlements settlements;
  private final PassedOver passed;

  DueClaims(
      Statements statements, DatabaseClock clock, Settlements settlements, PassedOver passed) {
    this.passed = passed;
    this.settlements = settlements;
    this.statements = statements;
    this.clock = clock;
  }

  /** Finds out what of the scope would be refused. */
  void findRefused(Connection connection, long scopeId, Instant dueBy) throws SQLException {
    String sql = passed.leftOut(DUE_IDS, "delivery_id");
    passed.find(
        connection, statements.of(connection, sql, scopeId, clock.at(dueBy)).executeQuery());
  }

  /**
   * Oldest due first; the one that passes the bytes there is room for is the last. What has no body
   * any more could never be sent, and would be due for ever: it ends here.
   */
  List<Claim> claim(
      Connection connection, Scope scope, long scopeId, Room room, Instant dueBy, Lease lease)
      throws SQLException {
    long until = clock.at(lease.until());
    PreparedStatement claim =
        statements.of(
            connection,
            passed.leftOut(CLAIM, "delivery_id"),
            scopeId,
            clock.at(dueBy),
            room.deliveries(),
            room.bytes(),
            until,
            lease.claimId(),
            until);
    List<Claim> claims = new ArrayList<>();
    List<Settlement> ends = new ArrayList<>();
    try (ResultSet row = claim.executeQuery()) {
      while (row.next()) {
        byte[] body = row.getBytes("body");
        if (body == null) {
          ends.add(end(row, claim(row, scope, lease, NOTHING)));
        } else {
          claims.add(claim(row, scope, lease, Payload.of(body)));
        }
      }
    }
    if (!ends.isEmpty()) {
      var _ = settlements.add(connection, ends);
    }
    return claims;
  }

  private Settlement end(ResultSet row, Claim claim) throws SQLException {
    NextStep end = new NextStep.GiveUp(NextStep.Ending.CANCELLED, BODILESS);
    return new Settlement(claim, null, end, clock.here(row.getLong("due_at")));
  }

  private static Claim claim(ResultSet row, Scope scope, Lease lease, Payload payload)
      throws SQLException {
    return new Claim(
        new DeliveryId(row.getLong("id")),
        scope,
        row.getLong("config_id"),
        lease.claimId(),
        row.getInt("attempts"),
        row.getInt("first_of_round"),
        payload.in(trace(row.getString("traceparent"))),
        message(row),
        purpose(row.getLong("replay")));
  }

  private static @Nullable TraceParent trace(@Nullable String column) {
    return column == null ? null : TraceParent.ifValid(column);
  }

  private static @Nullable MessageKey message(ResultSet row) throws SQLException {
    long key = row.getLong("leads");
    return row.wasNull() ? null : new MessageKey(key);
  }

  private static SendReason purpose(long replay) {
    return replay == 0 ? FEEDBACK : new SendReason.Replay(new DeliveryId(replay).text());
  }
}
