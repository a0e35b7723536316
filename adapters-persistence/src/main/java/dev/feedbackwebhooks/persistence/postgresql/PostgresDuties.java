package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.domain.node.JobLeases;
import dev.feedbackwebhooks.persistence.stored.Writing;
import java.sql.PreparedStatement;
import java.time.Instant;
import java.util.concurrent.CompletionStage;

/**
 * JobLeases in rows, held by the database's clock.
 *
 * @param holder a number that no other process has: random
 */
record PostgresDuties(Writing writes, long holder) implements JobLeases {
  private static final String NOW = "(extract(epoch FROM now()) * 1000)::bigint";
  private static final String TAKE =
      """
      INSERT INTO duty AS d (name, holder, until) VALUES (?, ?, %1$s + ?)
      ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
      WHERE d.holder = excluded.holder OR d.until <= %1$s
      """
          .formatted(NOW);

  /** Together with those that nobody has wanted for a day: their processes died. */
  private static final String LEAVE =
      "DELETE FROM duty WHERE (name = ? AND holder = ?) OR until < %s - 86400000".formatted(NOW);

  @Override
  public CompletionStage<Boolean> take(String duty) {
    return writes.submit(connection -> {
      try (PreparedStatement take = connection.prepareStatement(TAKE)) {
        take.setString(1, duty);
        take.setLong(2, holder);
        take.setLong(3, HELD.toMillis());
        return take.executeUpdate() == 1;
      }
    });
  }

  @Override
  public CompletionStage<?> leave(String duty) {
    return writes.submit(connection -> {
      try (PreparedStatement leave = connection.prepareStatement(LEAVE)) {
        leave.setString(1, duty);
        leave.setLong(2, holder);
        return leave.executeUpdate();
      }
    });
  }

  @Override
  public CompletionStage<Instant> now(Instant here) {
    return writes.submit(connection -> Instant.ofEpochMilli(DatabaseClock.now(connection)));
  }
}
