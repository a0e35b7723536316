package dev.feedbackwebhooks.persistence.postgresql;

import com.google.common.math.LongMath;
import dev.feedbackwebhooks.persistence.stored.Millis;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The clock that all nodes share: when a lease ends, and when something is due, stands in the
 * database by that one. How far this machine's is from it is measured again and again.
 */
final class DatabaseClock {
  /** Its time in SQL, in milliseconds since 1970. */
  static final String MILLIS = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

  private static final String NOW = "SELECT " + MILLIS;

  private static final long MOST_NANOS = 500_000_000;

  private final @Nullable InstantSource here;

  /** Milliseconds that the database is ahead. */
  private volatile long ahead;

  private DatabaseClock(@Nullable InstantSource here) {
    this.here = here;
  }

  /**
   * @param here what callers' instants come from
   */
  static DatabaseClock measuredFrom(InstantSource here) {
    return new DatabaseClock(here);
  }

  /** Callers' instants are the database's: for tests, whose time is made up. */
  static DatabaseClock ofCallers() {
    return new DatabaseClock(null);
  }

  /** Milliseconds since 1970, there. */
  static long now(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(NOW);
        ResultSet row = select.executeQuery()) {
      if (!row.next()) {
        throw new SQLException("the database does not say what time it is");
      }
      return row.getLong(1);
    }
  }

  /** Half of the way to the server and back is what it can be wrong by. */
  void measure(Connection connection) throws SQLException {
    if (here == null) {
      return;
    }
    long before = here.millis();
    long began = System.nanoTime();
    long there = now(connection);
    // Who stood still in between, or waited, does not know when the answer was true.
    if (System.nanoTime() - began < MOST_NANOS) {
      ahead = there - (before + here.millis()) / 2;
    }
  }

  /** Milliseconds since 1970 in the database; see {@link Millis#of}. */
  long at(Instant here) {
    return LongMath.saturatedAdd(Millis.of(here), ahead);
  }

  Instant here(long inDatabase) {
    return Instant.ofEpochMilli(inDatabase - ahead);
  }
}
