package dev.feedbackwebhooks.persistence.postgresql;

import com.carrotsearch.hppc.LongArrayList;
import com.carrotsearch.hppc.LongLongHashMap;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.persistence.stored.Millis;
import dev.feedbackwebhooks.persistence.stored.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/**
 * Which deliveries went straight out, when their leases end, and that the database knows from which
 * one on to look for them: no index tells of them, since it would cost every delivery twice. Used
 * by the writer only.
 */
final class FreshClaims {
  private static final String JOIN =
      """
      INSERT INTO node (id, seen_at, fresh_from) VALUES (1, ?, 0)
      ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at
      """;
  private static final String GIVE_BACK =
      """
      WITH back AS (
        UPDATE delivery_open SET state = 0, due_at = ? WHERE state = 1 RETURNING delivery_id)
      UPDATE delivery d SET state = 0 FROM back WHERE d.id = back.delivery_id
      """;
  private static final String GIVE_BACK_FRESH =
      """
      WITH back AS (
        UPDATE delivery SET state = 0
        WHERE id >= (SELECT fresh_from FROM node WHERE id = 1) AND state = 1
        RETURNING id, scope_id)
      INSERT INTO delivery_open (delivery_id, scope_id, state, due_at)
      SELECT id, scope_id, 0, ? FROM back
      """;
  private static final String NEWEST = "SELECT COALESCE(MAX(id), 0) FROM delivery";
  private static final String SEEN = "UPDATE node SET seen_at = ?, fresh_from = ? WHERE id = 1";
  private static final String LOWER =
      "UPDATE node SET fresh_from = ? WHERE id = 1 AND fresh_from > ?";
  private static final String LOAD =
      """
      SELECT id, lease_until FROM delivery d
      WHERE id >= (SELECT fresh_from FROM node WHERE id = 1) AND state = 1
        AND NOT EXISTS (SELECT FROM delivery_open WHERE delivery_id = d.id)
      """;
  private static final String END_LAPSED =
      """
      WITH lapsed AS (
        UPDATE delivery d SET state = 0 FROM unnest(?::bigint[]) AS asked (id)
        WHERE d.id = asked.id AND d.state = 1 AND d.lease_until <= ?
        RETURNING d.id, d.scope_id, d.lease_until)
      INSERT INTO delivery_open (delivery_id, scope_id, state, due_at)
      SELECT id, scope_id, 0, lease_until FROM lapsed
      """;

  private final Statements statements;
  private final long newestAtStart;
  private final LongLongHashMap until = new LongLongHashMap();

  /** Of the transaction that is open. */
  private final LongLongHashMap begun = new LongLongHashMap();

  private final LongArrayList ended = new LongArrayList();

  /** All that went straight out so far come before this one. */
  private long next;

  /** What the database has, and what it had before the transaction that is open. */
  private long from;

  private long fromBefore;

  /** Whether what is known here is what the database has: a commit that failed may have stood. */
  private boolean doubtful;

  private FreshClaims(Statements statements, long newest) {
    long from = newest + 1;
    this.statements = statements;
    this.newestAtStart = newest;
    this.next = from;
    this.from = from;
    this.fromBefore = from;
  }

  /** Whoever held claims is dead: what it held is due again. */
  static FreshClaims open(Connection connection, Statements statements, Instant now)
      throws SQLException {
    long at = now.toEpochMilli();
    statements.of(connection, JOIN, at).executeUpdate();
    statements.of(connection, GIVE_BACK, at).executeUpdate();
    statements.of(connection, GIVE_BACK_FRESH, at).executeUpdate();
    long newest = newest(connection);
    statements.of(connection, SEEN, at, newest + 1).executeUpdate();
    return new FreshClaims(statements, newest);
  }

  /** The newest delivery's id at the start; 0 without any. */
  long newestAtStart() {
    return newestAtStart;
  }

  private static long newest(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(NEWEST);
        ResultSet row = select.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  /** A delivery is stored with a lease. */
  void begun(long id, Lease lease) {
    begun.put(id, Millis.of(lease.until()));
  }

  /** A claim is over, or one that was not fresh. */
  void ended(long id) {
    ended.add(id);
  }

  /** A lease is longer now. */
  void extended(long id, Instant to) {
    if (until.containsKey(id)) {
      begun.put(id, Millis.of(to));
    }
  }

  /** An id may have been given early and come late. */
  void beforeCommit(Connection connection) throws SQLException {
    long first = smallest(begun, Long.MAX_VALUE);
    // After a commit that failed the database may look for them from later on than is known here.
    if (first < from || (doubtful && !begun.isEmpty())) {
      statements.of(connection, LOWER, first, first).executeUpdate();
      from = Math.min(from, first);
    }
  }

  /** Gives back what is held for too long, and writes down from where on to look for the rest. */
  void endLapsed(Connection connection, Instant now) throws SQLException {
    if (doubtful) {
      load(connection);
    }
    long[] lapsed = lapsedAt(now.toEpochMilli());
    if (lapsed.length > 0) {
      PreparedStatement update = statements.of(connection, END_LAPSED);
      update.setObject(1, lapsed);
      update.setLong(2, now.toEpochMilli());
      update.executeUpdate();
      ended.add(lapsed);
    }
    from = smallest(begun, smallest(until, next));
    statements.of(connection, SEEN, now.toEpochMilli(), from).executeUpdate();
  }

  private void load(Connection connection) throws SQLException {
    long first = smallest(until, next);
    statements.of(connection, LOWER, first, first).executeUpdate();
    until.clear();
    try (ResultSet row = statements.of(connection, LOAD).executeQuery()) {
      while (row.next()) {
        until.put(row.getLong(1), row.getLong(2));
      }
    }
    doubtful = false;
  }

  private long[] lapsedAt(long now) {
    LongArrayList lapsed = new LongArrayList();
    for (var each : until) {
      if (each.value <= now) {
        lapsed.add(each.key);
      }
    }
    return lapsed.toArray();
  }

  private static long smallest(LongLongHashMap claims, long most) {
    long smallest = most;
    for (var each : claims) {
      smallest = Math.min(smallest, each.key);
    }
    return smallest;
  }

  void committed() {
    for (var each : begun) {
      until.put(each.key, each.value);
      next = Math.max(next, each.key + 1);
    }
    begun.clear();
    for (var each : ended) {
      until.remove(each.value);
    }
    ended.clear();
    fromBefore = from;
  }

  void rolledBack() {
    begun.clear();
    ended.clear();
    from = fromBefore;
    doubtful = true;
  }
}
