package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.domain.node.Recurrence;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives each day partitions of its own before it begins. Whichever node comes first makes them for
 * all.
 */
final class DayPartitions {
  /** Besides today. If none could be made for that long, new deliveries go to the default ones. */
  static final int DAYS_AHEAD = 2;

  /** The tables that have partitions, in the order in which all lock them. */
  static final List<String> TABLES = List.of("payload", "delivery", "attempt");

  private static final Duration EVERY = Duration.ofMinutes(1);

  /**
   * To have another partition, or one less, a table must be used by nobody for a moment. Those who
   * come later wait behind whoever waits for that moment, so it is not waited for long, and what is
   * done then is over soon.
   */
  private static final String LOCK =
      """
      SET LOCAL lock_timeout = '100ms';
      SET LOCAL statement_timeout = '3s';
      LOCK TABLE ONLY payload, ONLY delivery, ONLY attempt IN ACCESS EXCLUSIVE MODE
      """;

  private static final String LIST =
      """
      SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = 'delivery'::regclass
      """;

  private static final String EXISTS =
      "SELECT partition FROM (VALUES (?)) AS asked (partition) WHERE to_regclass(partition) IS NOT NULL";

  /**
   * The primary key comes last: where statistics say that a table is empty, all indexes with an id
   * look equally good, and of those the newest is used. Plans that are made then stay when the day
   * has millions of rows.
   */
  private static final String INDEXES =
      """
      WITH asked AS (SELECT ?::text AS partition, ?::regclass AS parent)
      SELECT CASE WHEN indisprimary
          THEN 'ALTER TABLE ' || partition || ' ADD ' || pg_get_constraintdef(c.oid)
          ELSE 'CREATE INDEX ON ' || partition || ' '
            || substring(pg_get_indexdef(indexrelid) FROM 'USING .*') END
      FROM asked JOIN pg_index ON indrelid = parent
      LEFT JOIN pg_constraint c ON c.conindid = indexrelid AND c.contype = 'p'
      ORDER BY indisprimary, indexrelid
      """;

  /** No lock in time, a deadlock, no end in time. */
  private static final Set<String> BUSY = Set.of("55P03", "40P01", "57014");

  /** Rows of the default partition are the new one's. */
  private static final String CHECK_VIOLATION = "23514";

  private static final Logger log = LoggerFactory.getLogger(DayPartitions.class);

  private final DataSource upkeep;
  private final Recurrence looks = new Recurrence(EVERY, Instant.EPOCH);

  /** Of which the default partition has deliveries already. */
  private final Set<Day> spoiled = new HashSet<>();

  DayPartitions(DataSource upkeep) {
    this.upkeep = upkeep;
  }

  /**
   * Looks once a minute, however often it is called, whether those for today and the days ahead are
   * there, and makes them if not. One thread calls it, which may be blocked for a moment.
   */
  void keepAhead(Instant now) {
    if (!looks.isDue(now)) {
      return;
    }
    try {
      makeAhead(now);
    } catch (SQLException e) {
      // There are days left, and the default partitions after them.
      log.atDebug().addKeyValue("cause", e.getMessage()).log("no partition could be made");
    }
  }

  private void makeAhead(Instant now) throws SQLException {
    try (Connection connection = upkeep.getConnection()) {
      connection.setAutoCommit(false);
      NavigableSet<Day> there = list(connection);
      connection.rollback();
      for (int ahead = 0; ahead <= DAYS_AHEAD; ahead++) {
        Day day = Day.of(now).plus(ahead);
        if (!there.contains(day) && !spoiled.contains(day)) {
          makeUnlessSpoiled(connection, day);
        }
      }
    }
  }

  private void makeUnlessSpoiled(Connection connection, Day day) throws SQLException {
    try {
      make(connection, day);
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      if (!CHECK_VIOLATION.equals(e.getSQLState())) {
        throw e;
      }
      spoiled.add(day);
      log.atWarn()
          .addKeyValue("day", day.date())
          .log("a clock was ahead: a day has no partition, its deliveries go to the default one");
    }
  }

  /** Makes those of one day in the transaction that is open. */
  static void make(Connection connection, Day day) throws SQLException {
    lock(connection);
    for (String table : TABLES) {
      make(connection, table, day);
    }
  }

  static void make(Connection connection, String table, Day day) throws SQLException {
    String partition = day.partition(table);
    if (!texts(connection, EXISTS, partition).isEmpty()) {
      return;
    }
    run(
        connection,
        "CREATE TABLE %s (LIKE %s INCLUDING DEFAULTS)%s"
            .formatted(partition, table, parameters(table)));
    for (String index : texts(connection, INDEXES, partition, table)) {
      run(connection, index);
    }
    run(
        connection,
        "ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%d) TO (%d)"
            .formatted(table, partition, day.first(), day.afterLast()));
  }

  private static List<String> texts(Connection connection, String query, String... names)
      throws SQLException {
    List<String> texts = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(query)) {
      for (int i = 0; i < names.length; i++) {
        select.setString(i + 1, names[i]);
      }
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          texts.add(row.getString(1));
        }
      }
    }
    return texts;
  }

  /** Why: see the schema. */
  private static String parameters(String table) {
    return table.equals("delivery") ? " WITH (fillfactor = 40)" : "";
  }

  /**
   * Has the tables to itself until the transaction ends.
   *
   * @throws SQLException {@link #isBusy} if others do not leave them at once
   */
  static void lock(Connection connection) throws SQLException {
    run(connection, LOCK);
  }

  /** Whether to try again later. */
  static boolean isBusy(SQLException e) {
    return BUSY.contains(String.valueOf(e.getSQLState()));
  }

  /** The days that have partitions. */
  static NavigableSet<Day> list(Connection connection) throws SQLException {
    NavigableSet<Day> days = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(LIST)) {
      while (row.next()) {
        Day.ofPartition(row.getString(1)).ifPresent(days::add);
      }
    }
    return days;
  }

  static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
