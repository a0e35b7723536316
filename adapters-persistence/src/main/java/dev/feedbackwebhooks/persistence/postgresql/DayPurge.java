package dev.feedbackwebhooks.persistence.postgresql;

import com.carrotsearch.hppc.LongHashSet;
import dev.feedbackwebhooks.domain.retention.Retention.Expiry;
import dev.feedbackwebhooks.persistence.stored.Expiring;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.TreeMap;
import javax.sql.DataSource;

/**
 * Removes a day's deliveries with their partitions. First it goes through them, some with each
 * step, see {@link DayLook}. Where those that stay are few, since they wait or ended late or
 * otherwise than delivered, they are put into new partitions, and the old ones are dropped. That
 * happens while nobody else uses the tables.
 */
final class DayPurge {
  /** Deliveries that others wait for while they are put elsewhere: less than a second. */
  private static final int MOST_KEPT = 10_000;

  /** So many that nobody notices when the default partition is looked through. */
  private static final int MOST_FOLDED = 1_000;

  /**
   * After that time what is left of a day goes to the default partition, or there would be many.
   */
  private static final Duration FOLDED_AFTER = Duration.ofDays(30);

  /** What a step came to. */
  sealed interface Outcome {}

  /**
   * There is more to look at.
   *
   * @param last id of the last one that was looked at
   */
  record Looked(long last) implements Outcome {}

  /** The day's partitions are gone, with that many deliveries. */
  record Gone(int deliveries) implements Outcome {}

  /** Others use the tables: to be tried again in the next round. */
  record Busy() implements Outcome {}

  /** What may go is little, or what stays is much: it has to be done row by row. */
  record ByRow() implements Outcome {}

  private final DataSource upkeep;
  private final TreeMap<Day, DayLook> looks = new TreeMap<>();

  DayPurge(DataSource upkeep) {
    this.upkeep = upkeep;
  }

  /**
   * A step through a day of which all that was delivered, or ended otherwise, in time may go.
   *
   * @param after the last one that was looked at, or one of an earlier day
   */
  Outcome purge(Day day, Expiry expiry, long after) {
    looks.values().removeIf(each -> each.isOld(expiry));
    DayLook look = looks.computeIfAbsent(day, DayLook::new);
    if (!look.isComplete() && look.upTo() != after) {
      look = new DayLook(day);
      looks.put(day, look);
    }
    try (Connection connection = upkeep.getConnection()) {
      connection.setAutoCommit(false);
      return purge(connection, day, expiry, look);
    } catch (SQLException e) {
      throw new PostgresFailures().thrown(e);
    }
  }

  private Outcome purge(Connection connection, Day day, Expiry expiry, DayLook look)
      throws SQLException {
    if (!look.isComplete()) {
      look.step(connection, expiry);
    }
    if (!look.isComplete() && look.stays().size() <= MOST_KEPT) {
      return new Looked(look.upTo());
    }
    Outcome outcome = end(connection, day, expiry, look);
    if (!(outcome instanceof Busy)) {
      looks.remove(day);
    }
    return outcome;
  }

  private static Outcome end(Connection connection, Day day, Expiry expiry, DayLook look)
      throws SQLException {
    int stays = look.stays().size();
    boolean fold = stays <= MOST_FOLDED && !day.end().isAfter(expiry.records().minus(FOLDED_AFTER));
    boolean pays = stays == 0 || look.goes() >= Math.max(Expiring.CHANGED, stays);
    if (stays > MOST_KEPT || !(fold || pays)) {
      return new ByRow();
    }
    try {
      DayPartitions.lock(connection);
      Outcome outcome = replace(connection, day, look, fold);
      connection.commit();
      return outcome;
    } catch (SQLException e) {
      connection.rollback();
      if (DayPartitions.isBusy(e)) {
        return new Busy();
      }
      throw e;
    }
  }

  /** With the tables to itself. */
  private static Outcome replace(Connection connection, Day day, DayLook look, boolean fold)
      throws SQLException {
    LongHashSet kept = new LongHashSet(look.stays());
    addOpen(connection, day, kept);
    if (kept.size() > MOST_KEPT) {
      return new ByRow();
    }
    for (String table : DayPartitions.TABLES) {
      replace(connection, table, day, kept, fold);
    }
    return new Gone(Math.max(0, look.lookedAt() - kept.size()));
  }

  /** What came meanwhile from a node whose clock is days behind. */
  private static String open(Day day) {
    return """
    SELECT delivery_id FROM delivery_open
    WHERE delivery_id >= %1$d AND delivery_id < %2$d AND state < 2
    UNION
    SELECT id FROM delivery
    WHERE id >= %1$d AND id < %2$d AND state = 1
      AND id >= COALESCE((SELECT MIN(fresh_from) FROM node), 0)
    """
        .formatted(day.first(), day.afterLast());
  }

  private static void addOpen(Connection connection, Day day, LongHashSet kept)
      throws SQLException {
    DayPartitions.run(connection, "SET LOCAL statement_timeout = '3s'");
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(open(day))) {
      while (row.next()) {
        kept.add(row.getLong(1));
      }
    }
  }

  private static void replace(
      Connection connection, String table, Day day, LongHashSet kept, boolean fold)
      throws SQLException {
    String partition = day.partition(table);
    String old = table + "_old";
    DayPartitions.run(connection, "ALTER TABLE " + table + " DETACH PARTITION " + partition);
    DayPartitions.run(connection, "ALTER TABLE " + partition + " RENAME TO " + old);
    if (!kept.isEmpty()) {
      if (!fold) {
        DayPartitions.make(connection, table, day);
      }
      copy(connection, table, old, kept);
    }
    DayPartitions.run(connection, "DROP TABLE " + old);
  }

  /** All columns: a newer version of the program may have added some that this one cannot name. */
  private static void copy(Connection connection, String table, String old, LongHashSet kept)
      throws SQLException {
    String key = table.equals("delivery") ? "id" : "delivery_id";
    try (PreparedStatement copy =
        connection.prepareStatement(
            "INSERT INTO %1$s SELECT * FROM %2$s WHERE %3$s = ANY (?)"
                .formatted(table, old, key))) {
      copy.setObject(1, kept.toArray());
      copy.executeUpdate();
    }
  }
}
