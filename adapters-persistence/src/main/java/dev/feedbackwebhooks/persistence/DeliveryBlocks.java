package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.persistence.stored.EarlierRows;
import dev.feedbackwebhooks.persistence.stored.GroupCommit;
import dev.feedbackwebhooks.persistence.stored.Reads;
import dev.feedbackwebhooks.persistence.stored.Statements;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what the deliveries hold, a block of them after the other, some time after they came:
 * indices of scattered ids would cost intake a page for each. Blocks are made in the background, of
 * what came since the start from memory; if a delivery comes so late that its block stands already,
 * that may hold anything.
 */
final class DeliveryBlocks {
  private static final Logger log = LoggerFactory.getLogger(DeliveryBlocks.class);

  /** Deliveries in a block. */
  static final int ROWS = 4_096;

  /** The newest ones, among which others may still come. */
  static final int SPARE = 4_096;

  private static final String NEWEST = "SELECT COALESCE(MAX(last_id), 0) FROM delivery_block";
  private static final String IS_ENOUGH =
      "SELECT 1 FROM delivery WHERE id > :after ORDER BY id LIMIT 1 OFFSET :rows";
  private static final String SELECT =
      """
      SELECT d.id, d.scope_id, d.request_id, d.campaign_id, %s AS execution_id, %s AS recipients
      FROM delivery d LEFT JOIN payload p ON p.delivery_id = d.id
      WHERE d.id > :after ORDER BY d.id LIMIT :rows
      """
          .formatted(EarlierRows.EXECUTION, EarlierRows.RECIPIENTS);

  /** Ids are large: of each enough for a sum that does not overflow. */
  private static final String SUM =
      "SELECT COUNT(*), SUM(id & 4294967295) FROM delivery WHERE id > ? AND id <= ?";

  private static final String INSERT =
      "INSERT INTO delivery_block (last_id, first_id, keys, recipients) VALUES (?, ?, ?, ?)";
  private static final String OPEN =
      """
      UPDATE delivery_block SET keys = NULL, recipients = NULL, first_id = MIN(first_id, ?1)
      WHERE last_id = (SELECT MIN(last_id) FROM delivery_block WHERE last_id >= ?1)
      """;
  private static final String FORGET_RECIPIENTS =
      """
      UPDATE delivery_block SET recipients = x'' WHERE recipients IS NOT x'' AND NOT EXISTS
        (SELECT 1 FROM payload WHERE delivery_id BETWEEN first_id AND last_id)
      """;

  /** Where some body is still wanted, which may be so for years. */
  private static final String FORGET_OLD_RECIPIENTS =
      """
      UPDATE delivery_block SET recipients = NULL
      WHERE last_id < ? AND recipients IS NOT NULL AND recipients <> x''
      """;

  private static final String DELETE_EMPTY =
      """
      DELETE FROM delivery_block WHERE last_id <
        (SELECT COALESCE(MIN(id), 9223372036854775807) FROM delivery)
      """;

  /** What is to be written: the deliveries after one and until another. */
  private record Block(long after, List<FreshDelivery> deliveries, BlockKeys keys) {
    static Block of(long after, List<FreshDelivery> deliveries) {
      BlockKeys keys = new BlockKeys();
      deliveries.forEach(keys::add);
      return new Block(after, deliveries, keys);
    }

    long last() {
      return deliveries.getLast().id();
    }

    long sum() {
      return deliveries.stream().mapToLong(delivery -> delivery.id() & 0xFFFF_FFFFL).sum();
    }
  }

  private final Reads reads;
  private final Executor background;
  private final Statements statements;
  private final FreshDeliveries fresh = new FreshDeliveries();
  private final AtomicBoolean building = new AtomicBoolean();
  private @Nullable GroupCommit writes;

  /** The last delivery in a block; in the transaction that is open, and before it. */
  private long newest;

  private long newestBefore;

  /** Whether the transaction that is open came to a block. */
  private boolean answered;

  DeliveryBlocks(Reads reads, Executor background, Statements statements) {
    this.reads = reads;
    this.background = background;
    this.statements = statements;
  }

  /**
   * Begins with what came before the start.
   *
   * @param newestDelivery all that come later are heard of here
   */
  void start(GroupCommit writer, long newestDelivery) {
    writes = writer;
    newest = reads.withHandle(DeliveryBlocks::newest);
    newestBefore = newest;
    fresh.missesAllUntil(newestDelivery);
    build();
  }

  /** The last delivery that is in a block; 0 without any. */
  static long newest(Handle handle) {
    return handle.createQuery(NEWEST).mapTo(Long.class).one();
  }

  /** For the writer: a delivery is being inserted. */
  void added(Connection connection, long scopeId, NewDelivery delivery) throws SQLException {
    long id = delivery.id().value();
    if (id <= newest) {
      statements.of(connection, OPEN, id).executeUpdate();
    } else {
      fresh.add(FreshDelivery.of(scopeId, delivery));
    }
  }

  /** For the writer. */
  void committed() {
    if (newest != newestBefore) {
      newestBefore = newest;
      fresh.removeUntil(newest);
    }
    boolean enough = fresh.committed() >= ROWS + SPARE;
    if (answered) {
      answered = false;
      building.set(false);
      build();
    } else if (enough) {
      build();
    }
  }

  /** For the writer. */
  void rolledBack() {
    fresh.rolledBack();
    newest = newestBefore;
    answered = false;
  }

  /** For the writer, and for the start. One at a time, so that others have the background, too. */
  private void build() {
    GroupCommit writer = writes;
    boolean gathered = fresh.hasAllAfter(newest);
    if (writer == null
        || (gathered && fresh.size() < ROWS + SPARE)
        || !building.compareAndSet(false, true)) {
      return;
    }
    List<FreshDelivery> next = gathered ? fresh.first(ROWS) : List.of();
    long after = newest;
    background.execute(() -> submit(writer, after, next));
  }

  private void submit(GroupCommit writer, long after, List<FreshDelivery> next) {
    try {
      Block block = next.isEmpty() ? read() : Block.of(after, next);
      if (block == null) {
        building.set(false);
        return;
      }
      byte[] keys = block.keys().written();
      byte @Nullable [] recipients = block.keys().writtenRecipients();
      var _ =
          writer
              .submit(connection -> write(connection, block, keys, recipients))
              .exceptionally(_ -> {
                building.set(false);
                return false;
              });
    } catch (RuntimeException e) {
      // The store is closed in the middle of it, most likely. Searches look at more without it.
      building.set(false);
      log.atDebug().addKeyValue("cause", e.getMessage()).log("a block of deliveries was not made");
    }
  }

  private @Nullable Block read() {
    return reads.inTransaction(handle -> {
      long after = newest(handle);
      return isEnough(handle, after) ? Block.of(after, read(handle, after)) : null;
    });
  }

  private static boolean isEnough(Handle handle, long after) {
    return handle
        .createQuery(IS_ENOUGH)
        .bind("after", after)
        .bind("rows", ROWS + SPARE - 1)
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  private static List<FreshDelivery> read(Handle handle, long after) {
    return handle
        .createQuery(SELECT)
        .bind("after", after)
        .bind("rows", ROWS)
        .map((row, _) -> FreshDelivery.read(row))
        .list();
  }

  /** Not if another delivery came in between, or one went: then all are read anew. */
  private boolean write(
      Connection connection, Block block, byte[] keys, byte @Nullable [] recipients)
      throws SQLException {
    answered = true;
    try (ResultSet row =
        statements.of(connection, SUM, block.after(), block.last()).executeQuery()) {
      if (row.getInt(1) != block.deliveries().size() || row.getLong(2) != block.sum()) {
        fresh.forget();
        return false;
      }
    }
    newest = block.last();
    return statements
            .of(connection, INSERT, block.last(), block.after() + 1, keys, recipients)
            .executeUpdate()
        == 1;
  }

  /**
   * For the writer, after a round of removals: what is told of deliveries goes with them.
   *
   * @param bodies those that came before had their bodies for long enough
   */
  void forgetRemoved(Connection connection, Instant bodies) throws SQLException {
    if (statements.of(connection, DELETE_EMPTY).executeUpdate() > 0) {
      try (ResultSet row = statements.of(connection, NEWEST).executeQuery()) {
        newest = row.getLong(1);
      }
    }
    statements.of(connection, FORGET_RECIPIENTS).executeUpdate();
    statements
        .of(connection, FORGET_OLD_RECIPIENTS, DeliveryId.firstAt(bodies).value())
        .executeUpdate();
  }
}
