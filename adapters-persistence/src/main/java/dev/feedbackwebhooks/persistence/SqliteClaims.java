package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Claimed;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Room;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.delivery.MessageKey;
import dev.feedbackwebhooks.domain.delivery.Payload;
import dev.feedbackwebhooks.domain.delivery.SendReason;
import dev.feedbackwebhooks.domain.delivery.TraceParent;
import dev.feedbackwebhooks.persistence.stored.Millis;
import dev.feedbackwebhooks.persistence.stored.PassedOver;
import dev.feedbackwebhooks.persistence.stored.ScopeIds;
import dev.feedbackwebhooks.persistence.stored.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Claims what waits and is due, and ends claims whose lease is over. Used by the writer only. */
final class SqliteClaims {
  private static final SendReason FEEDBACK = new SendReason.Feedback();

  private static final String SELECT_DUE =
      """
      SELECT id, config_id, attempts, first_of_round, body, replay,
        CASE WHEN feedback_status = 'sent' THEN message END, traceparent
      FROM delivery INDEXED BY delivery_waiting JOIN payload ON delivery_id = id
      WHERE scope_id = ? AND state = 0 AND due_at <= ? %s
      ORDER BY due_at LIMIT ?
      """
          .formatted(PassedOver.HERE);
  private static final String SELECT_NEXT_DUE =
      """
      SELECT due_at FROM delivery INDEXED BY delivery_waiting
      WHERE scope_id = ? AND state = 0 %s
      ORDER BY due_at LIMIT 1
      """
          .formatted(PassedOver.HERE);
  private static final String CLAIM =
      "UPDATE delivery SET state = 1, claim_id = ?, due_at = ? WHERE id = ?";

  /** More than a claim takes, so that a row that is refused is soon found. */
  private static final String SELECT_DUE_IDS =
      """
      SELECT id FROM delivery INDEXED BY delivery_waiting
      WHERE scope_id = ? AND state = 0 AND due_at <= ? %s
      ORDER BY due_at LIMIT 1024
      """
          .formatted(PassedOver.HERE);

  private static final String END_LAPSED =
      """
      UPDATE delivery INDEXED BY delivery_claimed SET state = 0
      WHERE state = 1 AND due_at <= ? %s
      """
          .formatted(PassedOver.HERE);
  private static final String SELECT_LAPSED_IDS =
      """
      SELECT id FROM delivery INDEXED BY delivery_claimed
      WHERE state = 1 AND due_at <= ? %s
      """
          .formatted(PassedOver.HERE);

  private final Statements statements;
  private final ScopeIds scopes;
  private final PassedOver passed = new PassedOver(new SqliteFailures());

  SqliteClaims(Statements statements, ScopeIds scopes) {
    this.statements = statements;
    this.scopes = scopes;
  }

  /**
   * @param care whether to find out first what is refused
   */
  Claimed claim(
      Connection connection, Scope scope, Room room, Instant dueBy, Lease lease, boolean care)
      throws SQLException {
    long scopeId = scopes.of(connection, scope);
    if (care) {
      String sql = passed.leftOut(SELECT_DUE_IDS, "id");
      passed.find(
          connection, statements.of(connection, sql, scopeId, Millis.of(dueBy)).executeQuery());
    }
    List<Claim> claims = due(connection, scope, scopeId, room, dueBy, lease);
    long until = Millis.of(lease.until());
    for (Claim claim : claims) {
      statements.of(connection, CLAIM, lease.claimId(), until, claim.id().value()).executeUpdate();
    }
    return new Claimed(claims, nextDue(connection, scopeId));
  }

  /**
   * @param care whether to find out first what is refused
   */
  int endLapsed(Connection connection, Instant now, boolean care) throws SQLException {
    long at = now.toEpochMilli();
    if (care) {
      String sql = passed.leftOut(SELECT_LAPSED_IDS, "id");
      passed.find(connection, statements.of(connection, sql, at).executeQuery());
    }
    return statements.of(connection, passed.leftOut(END_LAPSED, "id"), at).executeUpdate();
  }

  private List<Claim> due(
      Connection connection, Scope scope, long scopeId, Room room, Instant dueBy, Lease lease)
      throws SQLException {
    List<Claim> claims = new ArrayList<>();
    long bytes = 0;
    try (ResultSet row =
        statements
            .of(
                connection,
                passed.leftOut(SELECT_DUE, "id"),
                scopeId,
                Millis.of(dueBy),
                room.deliveries())
            .executeQuery()) {
      while (bytes < room.bytes() && row.next()) {
        Payload payload = Payload.of(row.getBytes(5)).in(trace(row.getString(8)));
        bytes += payload.size();
        claims.add(
            new Claim(
                new DeliveryId(row.getLong(1)),
                scope,
                row.getLong(2),
                lease.claimId(),
                row.getInt(3),
                row.getInt(4),
                payload,
                message(row, 7),
                purpose(row.getLong(6))));
      }
    }
    return claims;
  }

  private static @Nullable TraceParent trace(@Nullable String column) {
    return column == null ? null : TraceParent.ifValid(column);
  }

  private static @Nullable MessageKey message(ResultSet row, int column) throws SQLException {
    long key = row.getLong(column);
    return row.wasNull() ? null : new MessageKey(key);
  }

  private static SendReason purpose(long replay) {
    return replay == 0 ? FEEDBACK : new SendReason.Replay(new DeliveryId(replay).text());
  }

  private @Nullable Instant nextDue(Connection connection, long scopeId) throws SQLException {
    String sql = passed.leftOut(SELECT_NEXT_DUE, "id");
    try (ResultSet row = statements.of(connection, sql, scopeId).executeQuery()) {
      return row.next() ? Instant.ofEpochMilli(row.getLong(1)) : null;
    }
  }
}
