package dev.feedbackwebhooks.persistence;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies the write-ahead log back into the database, beside the writer: done by the writer's own
 * connection, as SQLite does by itself, every commit of that moment would wait for it.
 *
 * <p>Under load the log never stands still long enough to be used from its beginning again. So when
 * it has grown long, the writer itself copies the rest, which is short by then: its next commit
 * starts the log anew.
 */
final class Checkpoints implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Checkpoints.class);

  /** Commits between two looks at the log. */
  private static final int COMMITS = 16;

  /**
   * Pages of 4 KiB that are worth the disk's time. Few: commits wait while the disk syncs what was
   * copied, and the 99th of a hundred tells (16 ms with 8,000 pages, 12 with 2,000, 10 with 500).
   */
  private static final int WORTH_PAGES = 250;

  /** Pages at which the log should begin anew: 64 MiB. */
  private static final int LONG_PAGES = 16_000;

  private final Connection connection;
  private final Executor background;
  private final Executor writer;
  private final Connection writing;
  private final AtomicBoolean looking = new AtomicBoolean();
  private int commits;
  private boolean closed;

  /**
   * @param connection its own
   * @param background may be blocked for as long as the disk takes
   * @param writer the writer's tasks, between its transactions
   * @param writing the writer's connection
   */
  Checkpoints(Connection connection, Executor background, Executor writer, Connection writing) {
    this.connection = connection;
    this.background = background;
    this.writer = writer;
    this.writing = writing;
  }

  /** Called by the writer after each commit. */
  void committed() {
    if (++commits % COMMITS == 0 && looking.compareAndSet(false, true)) {
      background.execute(this::look);
    }
  }

  /** Pages in the log, and how many of them are copied. */
  private record Progress(int pages, int copied) {}

  private synchronized void look() {
    if (closed) {
      return;
    }
    try {
      Progress before = checkpoint(connection, "NOOP");
      if (before.pages() - before.copied() >= WORTH_PAGES
          && checkpoint(connection, "PASSIVE").pages() >= LONG_PAGES) {
        writer.execute(this::finish);
      }
    } catch (SQLException | RejectedExecutionException e) {
      // The log grows until a later look succeeds; nothing is lost.
      log.atWarn().addKeyValue("cause", e.getMessage()).log("the store could not checkpoint");
    } finally {
      looking.set(false);
    }
  }

  private void finish() {
    try {
      writing.setAutoCommit(true);
      var _ = checkpoint(writing, "PASSIVE");
    } catch (SQLException e) {
      log.atWarn().addKeyValue("cause", e.getMessage()).log("the store could not checkpoint");
    }
  }

  private static Progress checkpoint(Connection connection, String mode) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA wal_checkpoint(" + mode + ")")) {
      return row.next() ? new Progress(row.getInt(2), row.getInt(3)) : new Progress(0, 0);
    }
  }

  @Override
  public synchronized void close() throws SQLException {
    closed = true;
    connection.close();
  }
}
