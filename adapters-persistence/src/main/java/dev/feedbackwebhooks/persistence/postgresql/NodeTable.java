package dev.feedbackwebhooks.persistence.postgresql;

import com.google.common.primitives.Longs;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.IdSeries;
import dev.feedbackwebhooks.domain.node.Nodes;
import dev.feedbackwebhooks.persistence.stored.Statements;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * This process among all that share the database. One that says nothing for a while is lost: it
 * finds that out itself before it claims anything again, since it writes into its own row for that.
 * Used by the writer only.
 */
final class NodeTable {
  /** Nodes that can give ids at a time. */
  static final int SLOTS = 1_024;

  /**
   * What is newer was given by a clock that was wrong: who followed it would give such ids as well.
   */
  private static final Duration AHEAD = Duration.ofDays(1);

  private static final long LOST_AFTER = Nodes.LOST_AFTER.toMillis();

  private static final String NUMBER = "SELECT nextval('node_number')";
  private static final String TAKEN =
      "SELECT COUNT(*) FROM node WHERE MOD(number, ?) = MOD(?::bigint, ?)";
  private static final String NEWEST =
      "SELECT id FROM delivery WHERE id < ? ORDER BY id DESC LIMIT 1";
  private static final String SEEN = "UPDATE node SET seen_at = ? WHERE number = ? AND NOT lost";
  private static final String LOWER =
      "UPDATE node SET fresh_from = LEAST(fresh_from, ?) WHERE number = ? AND NOT lost";
  private static final String RAISE =
      "UPDATE node SET fresh_from = ?, seen_at = ? WHERE number = ? AND NOT lost";
  private static final String JOIN =
      """
      INSERT INTO node AS n (number, seen_at, fresh_from, lost) VALUES (?, ?, ?, false)
      ON CONFLICT (number) DO UPDATE SET seen_at = excluded.seen_at, lost = false,
        fresh_from = LEAST(n.fresh_from, excluded.fresh_from)
      """;
  private static final String LIVING = "SELECT COUNT(*) FROM node WHERE NOT lost AND seen_at > ?";

  /** Who stands still in the middle of a transaction has its row locked: it is not waited for. */
  private static final String LOSE =
      """
      UPDATE node SET lost = true WHERE number IN
        (SELECT number FROM node WHERE NOT lost AND seen_at <= ? AND number <> ?
         FOR UPDATE SKIP LOCKED)
      """;

  private static final String LOST = "SELECT number FROM node WHERE lost AND number <> ?";
  private static final String BURY =
      """
      DELETE FROM node WHERE number IN
        (SELECT number FROM node WHERE number = ANY (?) AND lost FOR UPDATE SKIP LOCKED)
      RETURNING fresh_from
      """;
  private static final String FRESH_FROM = "SELECT fresh_from FROM node WHERE number = ?";
  private static final String LEAVE = "UPDATE node SET lost = true WHERE number = ?";

  private final Statements statements;
  private final long number;
  private final long newestAtStart;
  private long seenAt;

  private NodeTable(Statements statements, long number, long newestAtStart) {
    this.statements = statements;
    this.number = number;
    this.newestAtStart = newestAtStart;
  }

  /**
   * @param at by the database's clock, as everywhere here
   */
  static NodeTable join(Connection connection, Statements statements, long at) throws SQLException {
    // Before its newest delivery is asked for: what comes later has the number of another node.
    long number = freeNumber(connection, statements);
    long newest = first(statements.of(connection, NEWEST, tooNew(at)));
    NodeTable node = new NodeTable(statements, number, newest);
    node.enter(connection, at, node.newestAtStart + 1);
    return node;
  }

  private static long tooNew(long at) {
    return DeliveryId.firstAt(Instant.ofEpochMilli(at).plus(AHEAD)).value();
  }

  /** No other node's that is there leaves the same remainder. */
  private static long freeNumber(Connection connection, Statements statements) throws SQLException {
    for (int tries = 0; tries < SLOTS; tries++) {
      long number = first(statements.of(connection, NUMBER));
      if (first(statements.of(connection, TAKEN, SLOTS, number, SLOTS)) == 0) {
        return number;
      }
    }
    throw new StoreException("there are " + SLOTS + " nodes on this database already", null);
  }

  private static long first(PreparedStatement select) throws SQLException {
    try (ResultSet row = select.executeQuery()) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  private void enter(Connection connection, long at, long freshFrom) throws SQLException {
    statements.of(connection, JOIN, number, at, freshFrom).executeUpdate();
    seenAt = at;
  }

  /** Positive, and unlike that of any process before. */
  long number() {
    return number;
  }

  /** Unlike that of any other node that lives, and bounded, since rows are kept by it. */
  int slot() {
    return Math.toIntExact(number % SLOTS);
  }

  IdSeries ids() {
    return new IdSeries(newestAtStart, SLOTS, slot());
  }

  /**
   * Says that it lives.
   *
   * @param freshFrom no delivery before this one is claimed without a row in delivery_open
   */
  void live(Connection connection, long at, long freshFrom) throws SQLException {
    if (statements.of(connection, SEEN, at, number).executeUpdate() == 0) {
      enter(connection, at, freshFrom);
    }
    seenAt = at;
  }

  /**
   * From here on there may be such deliveries, in this transaction as well.
   *
   * @param first the first of all that there are, for who was lost
   */
  void lower(Connection connection, long freshFrom, LongSupplier first) throws SQLException {
    if (statements.of(connection, LOWER, freshFrom, number).executeUpdate() == 0) {
      enter(connection, seenAt, Math.min(freshFrom, first.getAsLong()));
    }
  }

  /** There is no such delivery before this one any more. */
  void raise(Connection connection, long at, long freshFrom) throws SQLException {
    if (statements.of(connection, RAISE, freshFrom, at, number).executeUpdate() == 0) {
      enter(connection, at, freshFrom);
    }
  }

  int living(Connection connection, long at) throws SQLException {
    return (int) first(statements.of(connection, LIVING, at - LOST_AFTER));
  }

  /** Who is lost and left something behind. */
  List<Long> lost(Connection connection, long at) throws SQLException {
    statements.of(connection, LOSE, at - LOST_AFTER, number).executeUpdate();
    List<Long> lost = new ArrayList<>();
    try (ResultSet row = statements.of(connection, LOST, number).executeQuery()) {
      while (row.next()) {
        lost.add(row.getLong(1));
      }
    }
    return lost;
  }

  /**
   * Removes those of {@code others} that are still lost. Answers from which delivery on they may
   * have left claims; the largest number if there are none.
   */
  long bury(Connection connection, List<Long> others) throws SQLException {
    long from = Long.MAX_VALUE;
    PreparedStatement bury = statements.of(connection, BURY);
    bury.setObject(1, Longs.toArray(others));
    try (ResultSet row = bury.executeQuery()) {
      while (row.next()) {
        from = Math.min(from, row.getLong(1));
      }
    }
    return from;
  }

  long freshFrom(Connection connection) throws SQLException {
    return first(statements.of(connection, FRESH_FROM, number));
  }

  /** What is left behind is somebody else's from now on. */
  void leave(Connection connection) throws SQLException {
    statements.of(connection, LEAVE, number).executeUpdate();
  }
}
