package dev.feedbackwebhooks.persistence;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what the deliveries hold, a block of them after the other, some time after they came:
 * indices of scattered ids would cost intake a page for each. Blocks are made in the background
 * from what is read again; only if a delivery comes so late that its block stands already does the
 * writer have to do with it.
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
          .formatted(DeliveryCriteria.EXECUTION, DeliveryCriteria.RECIPIENTS);

  /** Ids are large: of each enough for a sum that does not overflow. */
  private static final String SUM =
      "SELECT COUNT(*), SUM(id & 4294967295) FROM delivery WHERE id > ? AND id <= ?";

  private static final String INSERT =
      "INSERT INTO delivery_block (last_id, first_id, keys, recipients) VALUES (?, ?, ?, ?)";
  private static final String OPEN =
      """
      UPDATE delivery_block SET keys = NULL, recipients = NULL
      WHERE last_id = (SELECT MIN(last_id) FROM delivery_block WHERE last_id >= ?)
      """;
  private static final String FORGET_RECIPIENTS =
      """
      UPDATE delivery_block SET recipients = x'' WHERE recipients <> x'' AND NOT EXISTS
        (SELECT 1 FROM payload WHERE delivery_id BETWEEN first_id AND last_id)
      """;
  private static final String DELETE_EMPTY =
      "DELETE FROM delivery_block WHERE last_id < (SELECT MIN(id) FROM delivery)";

  /** A block as it was read. */
  private record Block(long after, long last, int rows, long sum, BlockKeys keys) {}

  private final Jdbi reads;
  private final Executor background;
  private final Statements statements;
  private final AtomicBoolean building = new AtomicBoolean();
  private @Nullable GroupCommit writes;
  private int added;
  private volatile long newest;

  DeliveryBlocks(Jdbi reads, Executor background, Statements statements) {
    this.reads = reads;
    this.background = background;
    this.statements = statements;
  }

  /** Begins with what came before the start. */
  void start(GroupCommit writer) {
    writes = writer;
    newest = reads.withHandle(DeliveryBlocks::newest);
    build();
  }

  /** The last delivery that is in a block; 0 without any. */
  static long newest(Handle handle) {
    return handle.createQuery(NEWEST).mapTo(Long.class).one();
  }

  /** For the writer: a delivery is being inserted. */
  void added(Connection connection, long id) throws SQLException {
    added++;
    if (id <= newest) {
      statements.of(connection, OPEN, id).executeUpdate();
    }
  }

  /** For the writer. */
  void committed() {
    if (added >= ROWS) {
      added = 0;
      build();
    }
  }

  private void build() {
    GroupCommit writer = writes;
    if (writer != null && building.compareAndSet(false, true)) {
      background.execute(() -> next(writer));
    }
  }

  /** One at a time, so that others get their turn in the background. */
  private void next(GroupCommit writer) {
    Block block = read();
    if (block == null) {
      building.set(false);
      return;
    }
    var _ =
        writer
            .submit(connection -> write(connection, block))
            .handle((written, failure) -> {
              building.set(false);
              if (failure == null && written) {
                build();
              }
              return written;
            });
  }

  private @Nullable Block read() {
    try {
      return reads.inTransaction(handle -> {
        long after = newest(handle);
        return isEnough(handle, after) ? read(handle, after) : null;
      });
    } catch (JdbiException e) {
      // Closed in the middle of it, most likely. Searches look at more deliveries without it.
      log.atDebug().addKeyValue("cause", e.getMessage()).log("a block of deliveries was not read");
      return null;
    }
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

  private static Block read(Handle handle, long after) {
    BlockKeys keys = new BlockKeys();
    long[] last = {after};
    long[] sum = {0};
    handle
        .createQuery(SELECT)
        .bind("after", after)
        .bind("rows", ROWS)
        .map((row, _) -> {
          last[0] = row.getLong("id");
          sum[0] += last[0] & 0xFFFF_FFFFL;
          add(keys, row);
          return 0;
        })
        .list();
    return new Block(after, last[0], ROWS, sum[0], keys);
  }

  private static void add(BlockKeys keys, ResultSet row) throws SQLException {
    long scopeId = row.getLong("scope_id");
    keys.add(
        scopeId,
        row.getString("request_id"),
        row.getString("execution_id"),
        row.getString("campaign_id"));
    for (String recipient : Recipients.read(row.getString("recipients"))) {
      keys.addRecipient(scopeId, recipient);
    }
  }

  /** Not if another delivery came in between: then it is read anew. */
  private boolean write(Connection connection, Block block) throws SQLException {
    try (ResultSet row =
        statements.of(connection, SUM, block.after(), block.last()).executeQuery()) {
      if (row.getInt(1) != block.rows() || row.getLong(2) != block.sum()) {
        return false;
      }
    }
    newest = block.last();
    return statements
            .of(
                connection,
                INSERT,
                block.last(),
                block.after() + 1,
                block.keys().written(),
                block.keys().writtenRecipients())
            .executeUpdate()
        == 1;
  }

  /** For the writer, after a round of removals: what is told of deliveries goes with them. */
  int forgetRemoved(Connection connection) throws SQLException {
    return statements.of(connection, DELETE_EMPTY).executeUpdate()
        + statements.of(connection, FORGET_RECIPIENTS).executeUpdate();
  }
}
