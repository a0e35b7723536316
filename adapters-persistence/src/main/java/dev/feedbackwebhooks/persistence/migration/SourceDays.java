package dev.feedbackwebhooks.persistence.migration;

import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** The days that a SQLite database has deliveries of. */
final class SourceDays {
  /** What is left of earlier ones is little, and needs no partitions of its own. */
  private static final Duration RECENT = Duration.ofDays(40);

  private static final String NEWEST = "SELECT COALESCE(MAX(id), 0) FROM delivery WHERE id >= ?";
  private static final String NEXT = "SELECT COALESCE(MIN(id), 0) FROM delivery WHERE id >= ?";

  private SourceDays() {}

  /** A time in each of the last ones. */
  static List<Instant> read(Connection source) throws SQLException {
    List<Instant> times = new ArrayList<>();
    Instant oldest = time(find(source, NEWEST, 0)).minus(RECENT);
    long from = oldest.isBefore(Instant.EPOCH) ? 0 : first(oldest);
    for (long id = find(source, NEXT, from); id > 0; id = find(source, NEXT, from)) {
      times.add(time(id));
      from = first(time(id).plus(1, ChronoUnit.DAYS));
    }
    return times;
  }

  private static Instant time(long id) {
    return id == 0 ? Instant.EPOCH : new DeliveryId(id).time();
  }

  private static long first(Instant time) {
    return DeliveryId.firstAt(time.truncatedTo(ChronoUnit.DAYS)).value();
  }

  private static long find(Connection source, String query, long from) throws SQLException {
    try (PreparedStatement select = source.prepareStatement(query)) {
      select.setLong(1, from);
      try (ResultSet row = select.executeQuery()) {
        return row.getLong(1);
      }
    }
  }
}
