package dev.feedbackwebhooks.persistence;

import com.carrotsearch.hppc.LongArrayList;
import com.carrotsearch.hppc.LongLongHashMap;
import dev.feedbackwebhooks.persistence.stored.Flush;
import dev.feedbackwebhooks.persistence.stored.Reads;
import dev.feedbackwebhooks.persistence.stored.Statements;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;

/**
 * Which events are known. An index of scattered hashes costs a page on disk for every event, so it
 * is kept in two parts, as log-structured trees do: keys of the newest deliveries are in memory
 * only, since they can be read again from the deliveries themselves; when there are enough of them,
 * they go to the table {@code event_key} in the order of the keys, a slice with each commit. Used
 * by the writer only.
 *
 * <p>A key is the hash of an event's id, or, if that is taken by another event, the next free
 * number.
 */
final class EventKeys {
  static final long NONE = 0;

  static final String FIND = "SELECT delivery_id FROM event_key WHERE key = ?";
  private static final String DELETE = "DELETE FROM event_key WHERE key = ? AND delivery_id = ?";
  private static final String IS_OF =
      "SELECT 1 FROM delivery WHERE id = ? AND scope_id = ? AND event_id = ?";
  private static final String MARK = "UPDATE event_key_mark SET delivery_id = ?";
  private static final String READ_MARK = "SELECT delivery_id FROM event_key_mark";
  private static final String LOAD =
      """
      SELECT id, event_hash, delivery_id FROM delivery LEFT JOIN event_key ON key = event_hash
      WHERE id > (SELECT delivery_id FROM event_key_mark) ORDER BY id
      """;
  private static final String ALL = "SELECT key FROM event_key";

  /** Keys in memory when they begin to go to the table: a megabyte or two of it. */
  private static final int ENOUGH = 64 * 1_024;

  /** Keys that follow for each that comes, so that one lot is gone before the next is complete. */
  private static final int SLICE = 2;

  private static final int ROWS = 32;

  private final Statements statements;
  private final KeyFilter filter = new KeyFilter();
  private LongLongHashMap fresh = new LongLongHashMap();

  /** The lot that is on its way to the table; empty without one. */
  private LongLongHashMap leaving = new LongLongHashMap();

  /**
   * The newest delivery of the lots that left: at the next start only newer ones are read again.
   */
  private long newestLeft;

  private long[] order = {};
  private int written;
  private int writtenBefore;
  private final LongArrayList uncommitted = new LongArrayList();

  EventKeys(Statements statements) {
    this.statements = statements;
  }

  /** Reads what was in memory when the last process ended. */
  void load(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(READ_MARK);
        ResultSet row = select.executeQuery()) {
      newestLeft = row.next() ? row.getLong(1) : NONE;
    }
    try (PreparedStatement select = connection.prepareStatement(LOAD);
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        long id = row.getLong(1);
        long key = row.getLong(2);
        long holder = fresh.getOrDefault(key, row.getLong(3));
        while (holder != NONE && holder != id) {
          key++;
          holder = holder(connection, key);
        }
        if (holder == NONE) {
          fresh.put(key, id);
          filter.add(key);
        }
      }
    }
  }

  /** Reads which keys the table holds, so that it need not be asked for most others. */
  void fillFilter(Reads reads) {
    reads.useHandle(handle -> {
      try (var keys = handle.createQuery(ALL).mapTo(long.class).stream()) {
        filter.fill(keys.mapToLong(Long::longValue));
      }
    });
  }

  /**
   * Remembers an event as that of delivery {@code id}, unless it is known.
   *
   * @param beforeReading makes the transaction's deliveries readable
   * @return the delivery that it is known by, or {@link #NONE}
   */
  long putIfAbsent(
      Connection connection, long scopeId, String eventId, long hash, long id, Flush beforeReading)
      throws SQLException {
    return search(
        connection, scopeId, eventId, hash, beforeReading, key -> put(connection, key, id));
  }

  private void put(Connection connection, long key, long id) throws SQLException {
    filter.add(key);
    if (id <= newestLeft) {
      // Its id was given early and comes late, behind the mark.
      statements.of(connection, INSERT_ONE, key, id).executeUpdate();
    } else {
      fresh.put(key, id);
      uncommitted.add(key);
    }
  }

  /**
   * The delivery that an event is known by, or {@link #NONE}.
   *
   * @param beforeReading makes the transaction's deliveries readable
   */
  long find(Connection connection, long scopeId, String eventId, long hash, Flush beforeReading)
      throws SQLException {
    return search(connection, scopeId, eventId, hash, beforeReading, _ -> {});
  }

  /** Takes the first key that no event has. */
  private interface FreeKey {
    void take(long key) throws SQLException;
  }

  private long search(
      Connection connection,
      long scopeId,
      String eventId,
      long hash,
      Flush beforeReading,
      FreeKey free)
      throws SQLException {
    long key = hash;
    for (long holder = holder(connection, key); holder != NONE; holder = holder(connection, key)) {
      beforeReading.flush(connection);
      if (isOf(connection, holder, scopeId, eventId)) {
        return holder;
      }
      key++;
    }
    free.take(key);
    return NONE;
  }

  /**
   * Forgets the event of delivery {@code id}, which is being removed.
   *
   * <p>An event with the same hash that has the next key is found no more and may come a second
   * time: one in many billions. So may this one if the transaction is undone: it is as old as its
   * delivery.
   */
  void remove(Connection connection, long hash, long id) throws SQLException {
    if (fresh.getOrDefault(hash, NONE) == id) {
      fresh.remove(hash);
    }
    statements.of(connection, DELETE, hash, id).executeUpdate();
  }

  private long holder(Connection connection, long key) throws SQLException {
    long inMemory = fresh.getOrDefault(key, leaving.getOrDefault(key, NONE));
    if (inMemory != NONE) {
      return inMemory;
    }
    if (!filter.mayHold(key)) {
      return NONE;
    }
    try (ResultSet row = statements.of(connection, FIND, key).executeQuery()) {
      return row.next() ? row.getLong(1) : NONE;
    }
  }

  private boolean isOf(Connection connection, long id, long scopeId, String eventId)
      throws SQLException {
    try (ResultSet row = statements.of(connection, IS_OF, id, scopeId, eventId).executeQuery()) {
      return row.next();
    }
  }

  /** Writes a slice of the leaving lot, as large as what the transaction brought asks for. */
  void writeSlice(Connection connection) throws SQLException {
    int end = Math.min(order.length, written + SLICE * uncommitted.size());
    for (; end - written >= ROWS; written += ROWS) {
      insert(connection, ROWS);
    }
    for (; written < end; written++) {
      insert(connection, 1);
    }
    if (written == order.length && order.length > 0) {
      statements.of(connection, MARK, newestLeft).executeUpdate();
    }
  }

  private void insert(Connection connection, int rows) throws SQLException {
    PreparedStatement insert = statements.of(connection, rows == ROWS ? INSERT_MANY : INSERT_ONE);
    for (int i = 0; i < rows; i++) {
      long key = order[written + i];
      insert.setLong(2 * i + 1, key);
      insert.setLong(2 * i + 2, leaving.get(key));
    }
    insert.executeUpdate();
  }

  private static final String INSERT_ONE = insertOf(1);
  private static final String INSERT_MANY = insertOf(ROWS);

  private static String insertOf(int rows) {
    return Statements.rows("INSERT OR IGNORE INTO event_key (key, delivery_id) VALUES ", 2, rows);
  }

  /** What was put and written is durable. */
  void committed() {
    uncommitted.clear();
    writtenBefore = written;
    if (written == order.length) {
      boolean enough = fresh.size() >= ENOUGH;
      leaving = enough ? fresh : new LongLongHashMap();
      order = leaving.keys().toArray();
      Arrays.sort(order);
      if (enough) {
        fresh = new LongLongHashMap(ENOUGH);
        for (var id : leaving.values()) {
          newestLeft = Math.max(newestLeft, id.value);
        }
      }
      written = 0;
      writtenBefore = 0;
    }
  }

  /** What was put and written since the last commit is undone. */
  void rolledBack() {
    for (var each : uncommitted) {
      fresh.remove(each.value);
    }
    uncommitted.clear();
    written = writtenBefore;
  }
}
