package dev.feedbackwebhooks.persistence.migration;

import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** The days that a SQLite database has deliveries of. */
final class SourceDays {
  /** Over ten years of days; what is older goes without partitions of its own. */
  private static final int MOST = 4_000;

  private static final String LAST_BEFORE =
      "SELECT COALESCE(MAX(id), 0) FROM delivery WHERE id < ?";

  private SourceDays() {}

  /** A time in each of them, newest first. */
  static List<Instant> read(Connection source) throws SQLException {
    List<Instant> times = new ArrayList<>();
    try (PreparedStatement select = source.prepareStatement(LAST_BEFORE)) {
      long id = last(select, Long.MAX_VALUE);
      while (id > 0 && times.size() < MOST) {
        Instant time = new DeliveryId(id).time();
        if (hasEnd(time)) {
          times.add(time);
        }
        id = last(select, first(time));
      }
    }
    return times;
  }

  /** The day of the largest ids has none: it is a clock's that was wrong. */
  private static boolean hasEnd(Instant time) {
    return first(time.plus(1, ChronoUnit.DAYS)) > 0;
  }

  /** The first id of the day of a time. */
  private static long first(Instant time) {
    return DeliveryId.firstAt(time.truncatedTo(ChronoUnit.DAYS)).value();
  }

  private static long last(PreparedStatement select, long before) throws SQLException {
    select.setLong(1, before);
    try (ResultSet row = select.executeQuery()) {
      return row.getLong(1);
    }
  }
}
