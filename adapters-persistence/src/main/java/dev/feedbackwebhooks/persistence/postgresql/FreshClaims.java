package dev.feedbackwebhooks.persistence.postgresql;

import com.carrotsearch.hppc.LongArrayList;
import com.carrotsearch.hppc.LongLongHashMap;
import com.carrotsearch.hppc.cursors.LongLongCursor;
import dev.feedbackwebhooks.persistence.stored.PassedOver;
import dev.feedbackwebhooks.persistence.stored.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Which deliveries went straight out, when their leases end, and that the database knows from which
 * one on to look for them: no index tells of them, since it would cost every delivery twice. Times
 * are the database's. Used by the writer only.
 */
final class FreshClaims {
  /** Claims from a delivery on that have no row in delivery_open, whosever they are. */
  static final String FROM_ON =
      """
      SELECT id, lease_until FROM delivery d
      WHERE id >= ? AND state = 1
        AND NOT EXISTS (SELECT FROM delivery_open
          WHERE scope_id = d.scope_id AND delivery_id = d.id)
      """;

  static final String END_LAPSED =
      """
      WITH lapsed AS (
        UPDATE delivery d SET state = 0 FROM unnest(?::bigint[]) AS asked (id)
        WHERE d.id = ANY (ARRAY[asked.id]) AND d.state = 1 AND d.lease_until <= ?
        RETURNING d.id, d.scope_id, d.lease_until)
      INSERT INTO delivery_open (delivery_id, scope_id, state, due_at)
      SELECT id, scope_id, 0, lease_until FROM lapsed
      ON CONFLICT (delivery_id) DO UPDATE SET state = 0, due_at = excluded.due_at
      """;

  private final Statements statements;
  private final NodeTable node;
  private final LongLongHashMap until = new LongLongHashMap();

  /** Of the transaction that is open. */
  private final LongLongHashMap begun = new LongLongHashMap();

  private final LongArrayList ended = new LongArrayList();

  /** From where on nodes that are lost may have left claims that were not read yet. */
  private volatile long unread = Long.MAX_VALUE;

  /** The same once the transaction that is open is committed. */
  private long unreadNext = Long.MAX_VALUE;

  /** Whether what is known here is what the database has: a commit that failed may have stood. */
  private boolean doubtful;

  private final PassedOver passed;

  FreshClaims(Statements statements, NodeTable node, PassedOver passed) {
    this.passed = passed;
    this.statements = statements;
    this.node = node;
  }

  /** A delivery is stored with a lease. */
  void begun(long id, long leaseUntil) {
    begun.put(id, leaseUntil);
  }

  /** A claim is over, or one that was not fresh. */
  void ended(long id) {
    ended.add(id);
  }

  /**
   * Takes the places of those that are lost: what they claimed, and what comes to be known of it,
   * is for this node to look after. Who of them comes back begins anew, with a place of its own.
   */
  void succeed(Connection connection, List<Long> lost) throws SQLException {
    unreadNext = Math.min(unreadNext, node.bury(connection, lost));
  }

  /** From where on claims of lost nodes are to be read; the largest number if none are. */
  long unread() {
    return unread;
  }

  /**
   * What was read from there on. Other nodes' claims may be among them: whose lease is not over, or
   * was made longer, stays whose it is.
   */
  void read(LongLongHashMap claims) {
    begun.putAll(claims);
    unreadNext = Long.MAX_VALUE;
  }

  void beforeCommit(Connection connection) throws SQLException {
    long first = Math.min(smallest(begun), unreadNext);
    if (first < Long.MAX_VALUE) {
      node.lower(connection, first, this::first);
    }
  }

  void live(Connection connection, long at) throws SQLException {
    node.live(connection, at, first());
  }

  /** Gives back what is held for too long, and writes down from where on to look for the rest. */
  void endLapsed(Connection connection, long at) throws SQLException {
    if (doubtful) {
      load(connection);
    }
    long[] lapsed = lapsedAt(at).stream().mapToLong(Long::longValue).toArray();
    if (lapsed.length > 0) {
      PreparedStatement update = statements.of(connection, END_LAPSED);
      update.setObject(1, lapsed);
      update.setLong(2, at);
      update.executeUpdate();
      ended.add(lapsed);
    }
    node.raise(connection, at, first());
  }

  private void load(Connection connection) throws SQLException {
    node.lower(connection, first(), this::first);
    until.clear();
    long from = node.freshFrom(connection);
    try (ResultSet row = statements.of(connection, FROM_ON, from).executeQuery()) {
      while (row.next()) {
        until.put(row.getLong(1), row.getLong(2));
      }
    }
    doubtful = false;
  }

  /** Whose lease is over; but for those that are passed over. */
  List<Long> lapsedAt(long at) {
    List<Long> lapsed = new ArrayList<>();
    for (LongLongCursor each : until) {
      if (each.value <= at && !passed.has(each.key)) {
        lapsed.add(each.key);
      }
    }
    return lapsed;
  }

  /** The smallest id; the largest number there is without any. */
  private long first() {
    return Math.min(Math.min(unread, unreadNext), Math.min(smallest(begun), smallest(until)));
  }

  private static long smallest(LongLongHashMap claims) {
    long smallest = Long.MAX_VALUE;
    for (LongLongCursor each : claims) {
      smallest = Math.min(smallest, each.key);
    }
    return smallest;
  }

  void committed() {
    until.putAll(begun);
    begun.clear();
    for (var each : ended) {
      until.remove(each.value);
    }
    ended.clear();
    unread = unreadNext;
  }

  void inDoubt() {
    doubtful = true;
  }

  void rolledBack() {
    begun.clear();
    ended.clear();
    unreadNext = unread;
  }
}
