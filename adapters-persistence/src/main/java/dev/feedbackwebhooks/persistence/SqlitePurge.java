package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.retention.DeliveryPurge;
import dev.feedbackwebhooks.domain.retention.Retention.Expiry;
import dev.feedbackwebhooks.persistence.stored.Expiring;
import dev.feedbackwebhooks.persistence.stored.GroupCommit;
import dev.feedbackwebhooks.persistence.stored.Reads;
import dev.feedbackwebhooks.persistence.stored.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Removes what is over. What may go is found by a reading connection; the writer, who has the last
 * word, gets the little that is left to do.
 */
final class SqlitePurge implements DeliveryPurge {
  private static final String SELECT =
      """
      SELECT id, event_hash, state, update_time,
        EXISTS (SELECT 1 FROM payload WHERE delivery_id = id) AS has_body
      FROM delivery WHERE id > :after AND id < :before ORDER BY id LIMIT :limit
      """;
  private static final String DELETE =
      "DELETE FROM delivery WHERE id = ? AND state = ? AND update_time = ?";
  private static final String DELETE_ATTEMPTS = "DELETE FROM attempt WHERE delivery_id = ?";
  private static final String DELETE_BODY = "DELETE FROM payload WHERE delivery_id = ?";
  private static final String DELETE_BODY_OF_ENDED =
      """
      DELETE FROM payload WHERE delivery_id =
        (SELECT id FROM delivery WHERE id = ? AND state = ? AND update_time = ?)
      """;

  /** Endpoints' answers may tell of the recipient as well; a message's key is a hash of it. */
  private static final String CLEAR_DETAILS =
      """
      UPDATE delivery SET accepted_wire = NULL, message = NULL
      WHERE id = ? AND (accepted_wire IS NOT NULL OR message IS NOT NULL)
      """;

  private static final String CLEAR_ATTEMPTS =
      "UPDATE attempt SET wire = NULL WHERE delivery_id = ?";

  private record Seen(long id, long hash, int state, long updateTime, boolean hasBody)
      implements Expiring {}

  private final Reads reads;
  private final GroupCommit writes;
  private final Executor background;
  private final Statements statements;
  private final EventKeys keys;
  private final DeliveryBlocks blocks;

  SqlitePurge(Reads reads, GroupCommit writes, Executor background, Gathered gathered) {
    this.reads = reads;
    this.writes = writes;
    this.background = background;
    this.statements = gathered.statements();
    this.keys = gathered.keys();
    this.blocks = gathered.blocks();
  }

  @Override
  public CompletionStage<Step> purge(Expiry expiry, @Nullable DeliveryId after) {
    return CompletableFuture.supplyAsync(() -> find(expiry, after), background)
        .thenCompose(found -> found.removedBy(part -> remove(part, expiry)));
  }

  private Expiring.Found<Seen> find(Expiry expiry, @Nullable DeliveryId after) {
    return Expiring.find(
        reads,
        SELECT,
        after == null ? 0 : after.value(),
        DeliveryId.firstAt(expiry.latest()).value(),
        expiry,
        (row, _) -> seen(row));
  }

  private static Seen seen(ResultSet row) throws SQLException {
    return new Seen(
        row.getLong("id"),
        row.getLong("event_hash"),
        row.getInt("state"),
        row.getLong("update_time"),
        row.getBoolean("has_body"));
  }

  private CompletionStage<Step> remove(Expiring.Found<Seen> found, Expiry expiry) {
    if (found.records().isEmpty() && found.bodies().isEmpty() && found.last() != null) {
      return CompletableFuture.completedFuture(new Step(0, 0, found.last()));
    }
    return writes.submit(connection -> {
      int deliveries = 0;
      for (Seen seen : found.records()) {
        deliveries += removeRecord(connection, seen);
      }
      int bodies = 0;
      for (Seen seen : found.bodies()) {
        bodies += removeBody(connection, seen);
      }
      if (found.last() == null) {
        blocks.forgetRemoved(connection, expiry.bodies());
      }
      return new Step(deliveries, bodies, found.last());
    });
  }

  private int removeRecord(Connection connection, Seen seen) throws SQLException {
    int removed = change(connection, DELETE, seen);
    if (removed == 1) {
      statements.of(connection, DELETE_ATTEMPTS, seen.id()).executeUpdate();
      statements.of(connection, DELETE_BODY, seen.id()).executeUpdate();
      keys.remove(connection, seen.hash(), seen.id());
    }
    return removed;
  }

  private int removeBody(Connection connection, Seen seen) throws SQLException {
    int removed = change(connection, DELETE_BODY_OF_ENDED, seen);
    if (removed == 1) {
      statements.of(connection, CLEAR_DETAILS, seen.id()).executeUpdate();
      statements.of(connection, CLEAR_ATTEMPTS, seen.id()).executeUpdate();
    }
    return removed;
  }

  private int change(Connection connection, String sql, Seen seen) throws SQLException {
    return statements
        .of(connection, sql, seen.id(), seen.state(), seen.updateTime())
        .executeUpdate();
  }
}
