package dev.feedbackwebhooks.bench;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The table of a stopped server, filled by copies of rows that it wrote itself: as large as after
 * weeks, in seconds.
 */
final class StoredDeliveries implements AutoCloseable {
  /** Rows that are copied, over and over: of as many customers. */
  private static final int PATTERNS = 100;

  private final Path database;
  private final Connection connection;

  private StoredDeliveries(Path database, Connection connection) {
    this.database = database;
    this.connection = connection;
  }

  static StoredDeliveries open(Path database) throws SQLException {
    StoredDeliveries stored =
        new StoredDeliveries(database, DriverManager.getConnection("jdbc:sqlite:" + database));
    // Nothing here needs to outlive a crash.
    stored.run("PRAGMA journal_mode = OFF");
    stored.run("PRAGMA synchronous = OFF");
    stored.run("PRAGMA cache_size = -200000");
    return stored;
  }

  /** Makes them {@code total}, each ended by one attempt like those that are there. */
  void settled(long total) throws SQLException {
    run(
        "CREATE TEMP TABLE pattern AS SELECT row_number() OVER () - 1 AS k, * FROM"
            + " (SELECT * FROM delivery ORDER BY id DESC LIMIT "
            + PATTERNS
            + ")");
    run("CREATE UNIQUE INDEX temp.pattern_k ON pattern (k)");
    run("CREATE TEMP TABLE newest AS SELECT MAX(id) AS id FROM delivery");
    run(
        "CREATE TEMP TABLE series AS WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM"
            + " s WHERE n < "
            + total
            + " - (SELECT COUNT(*) FROM delivery)) SELECT n FROM s");
    String each = " FROM series JOIN pattern ON k = n % " + PATTERNS + ", newest";
    copy(
        "delivery",
        Map.of(
            "id", "newest.id + n",
            "event_hash", "random()",
            "event_id", "pattern.event_id || '-' || n"),
        "pattern",
        each + " ORDER BY n");
    copy(
        "payload",
        Map.of("delivery_id", "newest.id + n"),
        "payload",
        each + " JOIN payload ON delivery_id = pattern.id ORDER BY n");
    run("INSERT OR IGNORE INTO event_key SELECT event_hash, id FROM delivery ORDER BY event_hash");
    run("UPDATE event_key_mark SET delivery_id = (SELECT MAX(id) FROM delivery)");
  }

  private void copy(String table, Map<String, String> others, String from, String rows)
      throws SQLException {
    List<String> columns = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT name FROM pragma_table_info('" + table + "')")) {
      while (row.next()) {
        columns.add(row.getString(1));
      }
    }
    List<String> values =
        columns.stream().map(name -> others.getOrDefault(name, from + "." + name)).toList();
    run(
        "INSERT INTO "
            + table
            + " ("
            + String.join(", ", columns)
            + ") SELECT "
            + String.join(", ", values)
            + rows);
  }

  /** Makes all of them wait until {@code due}. */
  void makeWait(Instant due) throws SQLException {
    run("UPDATE delivery SET state = 0, due_at = " + due.toEpochMilli());
  }

  /** Makes all of them ended, that long ago; their ids tell when they came. */
  long age(Duration by) throws SQLException {
    long ids = by.toMillis() << 21;
    run("UPDATE payload SET delivery_id = delivery_id - " + ids);
    run("UPDATE attempt SET delivery_id = delivery_id - " + ids);
    run("UPDATE event_key SET delivery_id = delivery_id - " + ids);
    run("UPDATE delivery SET id = id - " + ids + ", update_time = update_time - " + by.toMillis());
    return count();
  }

  long count() throws SQLException {
    return number("SELECT COUNT(*) FROM delivery");
  }

  /** Bytes of pages that hold something; the others are used again before the file grows. */
  long bytesInUse() throws SQLException {
    return number(
        "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count,"
            + " pragma_freelist_count, pragma_page_size");
  }

  private long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.getLong(1);
    }
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Ends when all is on the disk, so that the next server does not wait for what we wrote. */
  @Override
  public void close() throws SQLException, IOException {
    connection.close();
    try (FileChannel file = FileChannel.open(database, StandardOpenOption.WRITE)) {
      file.force(true);
    }
  }
}
