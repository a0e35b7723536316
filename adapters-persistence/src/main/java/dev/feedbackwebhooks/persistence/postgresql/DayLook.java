package dev.feedbackwebhooks.persistence.postgresql;

import com.carrotsearch.hppc.LongHashSet;
import dev.feedbackwebhooks.domain.retention.Retention.Expiry;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a day's deliveries, in steps, forgets the events of those that may go, and notes
 * those that stay. What has no event any more is gone for all who could send it again, so it stays
 * as it was found until its day is dropped.
 */
final class DayLook {
  /** Deliveries that a step goes through. */
  static final int LOOKED_AT = 10_000;

  /** Whether a delivery may go, of what was accepted and of what ended otherwise. */
  static final String GOES =
      """
      CASE WHEN state = 2 THEN update_time < ? WHEN state > 2 THEN update_time < ?
        ELSE false END AS goes
      """;

  /** Waits for those who send one of them again: they have locked its key. */
  private static final String FORGET =
      """
      WITH seen AS MATERIALIZED (
        SELECT id, event_key, %s
        FROM delivery WHERE id > ? AND id < ? ORDER BY id LIMIT ?),
      keys AS (
        DELETE FROM event_key k USING seen
        WHERE seen.goes AND k.key = seen.event_key AND k.delivery_id = seen.id)
      SELECT max(id), count(*), array_agg(id) FILTER (WHERE NOT goes),
        array_agg(id) FILTER (WHERE goes)
      FROM seen
      """
          .formatted(GOES);

  /** What was sent again meanwhile is known again. From here on nothing else can be. */
  private static final String REMEMBER =
      """
      WITH seen AS MATERIALIZED (
        SELECT id, event_key, %s FROM delivery WHERE id = ANY (?)),
      keys AS (
        INSERT INTO event_key (key, delivery_id) SELECT event_key, id FROM seen WHERE NOT goes
        ON CONFLICT DO NOTHING),
      open AS (
        DELETE FROM delivery_open o USING seen
        WHERE seen.goes AND o.delivery_id = seen.id AND o.state > 2)
      SELECT array_agg(id) FILTER (WHERE NOT goes) FROM seen
      """
          .formatted(GOES);

  /** After that time all is looked at again. */
  private static final Duration GOOD_FOR = Duration.ofHours(1);

  private final Day day;
  private final LongHashSet stays = new LongHashSet();
  private long upTo;
  private int lookedAt;

  /** What it was done for; null before. */
  private @Nullable Expiry complete;

  DayLook(Day day) {
    this.day = day;
    this.upTo = day.first() - 1;
  }

  /** Those that were seen and have to stay. */
  LongHashSet stays() {
    return stays;
  }

  /** How many were seen that may go. */
  int goes() {
    return lookedAt - stays.size();
  }

  int lookedAt() {
    return lookedAt;
  }

  /** The last one that was seen. */
  long upTo() {
    return upTo;
  }

  boolean isComplete() {
    return complete != null;
  }

  /** Another node may have been through the day since, or a clock was set. */
  boolean isOld(Expiry now) {
    return complete != null
        && Duration.between(complete.delivered(), now.delivered()).abs().compareTo(GOOD_FOR) > 0;
  }

  /** In a transaction of its own, each statement of which sees what others committed before. */
  void step(Connection connection, Expiry expiry) throws SQLException {
    try (PreparedStatement forget = connection.prepareStatement(FORGET)) {
      set(forget, expiry);
      forget.setLong(3, upTo);
      forget.setLong(4, day.afterLast());
      forget.setInt(5, LOOKED_AT);
      try (ResultSet row = forget.executeQuery()) {
        row.next();
        LongHashSet stay = longs(row.getArray(3));
        stay.addAll(remember(connection, expiry, row.getArray(4)));
        connection.commit();
        int seen = row.getInt(2);
        upTo = seen == 0 ? upTo : row.getLong(1);
        lookedAt += seen;
        complete = seen < LOOKED_AT ? expiry : null;
        stays.addAll(stay);
      }
    }
  }

  private static LongHashSet remember(Connection connection, Expiry expiry, @Nullable Array gone)
      throws SQLException {
    if (gone == null) {
      return new LongHashSet();
    }
    try (PreparedStatement remember = connection.prepareStatement(REMEMBER)) {
      set(remember, expiry);
      remember.setArray(3, gone);
      try (ResultSet row = remember.executeQuery()) {
        row.next();
        return longs(row.getArray(1));
      }
    }
  }

  /** The parameters of {@link #GOES}, which are a statement's first. */
  static void set(PreparedStatement statement, Expiry expiry) throws SQLException {
    statement.setLong(1, expiry.delivered().toEpochMilli());
    statement.setLong(2, expiry.ended().toEpochMilli());
  }

  private static LongHashSet longs(@Nullable Array array) throws SQLException {
    LongHashSet longs = new LongHashSet();
    if (array != null) {
      for (Long each : (Long[]) array.getArray()) {
        longs.add(each);
      }
    }
    return longs;
  }
}
