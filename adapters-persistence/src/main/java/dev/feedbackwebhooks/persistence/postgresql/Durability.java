package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.domain.delivery.StoreListener;
import dev.feedbackwebhooks.domain.node.Recurrence;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says it if the server is set so that what it has committed may be lost: also while it runs. */
final class Durability {
  private static final String OFF =
      """
      SELECT string_agg(name || '=off', ', ' ORDER BY name) FROM pg_settings
      WHERE name IN ('fsync', 'full_page_writes') AND setting = 'off'
      """;

  private static final Duration EVERY = Duration.ofMinutes(1);
  private static final Logger log = LoggerFactory.getLogger(Durability.class);

  private final DataSource upkeep;
  private final StoreListener listener;
  private final Recurrence looks = new Recurrence(EVERY, Instant.EPOCH);
  private String off = "";

  Durability(DataSource upkeep, StoreListener listener) {
    this.upkeep = upkeep;
    this.listener = listener;
  }

  /** What must be on and is off; empty if all is well. */
  static String off(Connection connection) throws SQLException {
    return DatabaseCheck.text(connection, OFF);
  }

  /** Looks once a minute, however often it is called. One thread calls it. */
  void look(Instant now) {
    if (!looks.isDue(now)) {
      return;
    }
    try (Connection connection = upkeep.getConnection()) {
      heard(off(connection));
    } catch (SQLException e) {
      log.atDebug().addKeyValue("cause", e.getMessage()).log("no look at the server's settings");
    }
  }

  private void heard(String found) {
    listener.durable(found.isEmpty());
    if (found.equals(off)) {
      return;
    }
    off = found;
    if (found.isEmpty()) {
      log.info("PostgreSQL is set so again that what was acknowledged lasts");
    } else {
      log.atWarn()
          .addKeyValue("settings", found)
          .log("PostgreSQL may lose what was acknowledged if its machine crashes");
    }
  }
}
