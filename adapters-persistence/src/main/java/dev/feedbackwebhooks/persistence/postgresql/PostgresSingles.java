package dev.feedbackwebhooks.persistence.postgresql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.feedbackwebhooks.persistence.stored.GroupCommit.Work;
import dev.feedbackwebhooks.persistence.stored.Writing;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes rows that nodes share, beside the writer: each statement is a transaction of its own,
 * which the server ends by itself. So nobody waits for a row that is locked by another node's whole
 * group, or by a node that stands still in the middle of one. What is written here may be lost with
 * the database server: it must be such that it is written again.
 */
final class PostgresSingles implements Writing, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PostgresSingles.class);
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final HikariDataSource connections;
  private final Executor background;

  private PostgresSingles(HikariDataSource connections, Executor background) {
    this.connections = connections;
    this.background = background;
  }

  /** Connects when there is something to write. */
  static PostgresSingles open(PostgresSettings settings, Executor background) {
    HikariConfig config = PostgresDatabase.config(settings, "singles", 1, SessionPins.FORGETFUL);
    config.setConnectionTimeout(PATIENCE.toMillis());
    return new PostgresSingles(new HikariDataSource(config), background);
  }

  @Override
  public <T extends @Nullable Object> CompletableFuture<T> submit(Work<T> work) {
    return CompletableFuture.supplyAsync(() -> run(work), background);
  }

  private <T extends @Nullable Object> T run(Work<T> work) {
    try (Connection connection = connections.getConnection()) {
      return work.run(connection);
    } catch (SQLException e) {
      log.atDebug().addKeyValue("cause", e.getMessage()).log("not written");
      throw new PostgresFailures().thrown(e);
    }
  }

  @Override
  public void close() {
    connections.close();
  }
}
