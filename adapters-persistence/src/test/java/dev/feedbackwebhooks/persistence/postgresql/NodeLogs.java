package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.domain.watch.ChangeCursor;
import dev.feedbackwebhooks.domain.watch.Changes;
import dev.feedbackwebhooks.persistence.stored.ChangeLog;
import dev.feedbackwebhooks.persistence.stored.ChangeSearch;
import dev.feedbackwebhooks.persistence.stored.Reads;
import dev.feedbackwebhooks.persistence.stored.Statements;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Logs of changes on one database, as several nodes write and read them. */
final class NodeLogs {
  private static final long SCOPE_ID = 1;

  private final String url;
  private final Jdbi reads;

  NodeLogs(String url) throws SQLException {
    this.url = "jdbc:" + url;
    this.reads = Jdbi.create(this.url);
    run(
        "INSERT INTO scope (organization, sandbox) VALUES ('%s', '%s')"
            .formatted(Samples.SCOPE.organization(), Samples.SCOPE.sandbox()));
  }

  /** One that writes, on a connection of its own. */
  final class Node implements AutoCloseable {
    private final Connection connection;
    private final ChangeLog log;

    private Node(Connection connection, ChangeLog log) {
      this.connection = connection;
      this.log = log;
    }

    /** A commit that changes these deliveries. */
    void commit(Instant at, long... ids) throws SQLException {
      write(at, ids);
      connection.commit();
      log.committed();
    }

    void write(Instant at, long... ids) throws SQLException {
      Arrays.stream(ids).forEach(id -> log.changed(SCOPE_ID, id, at));
      log.flush(connection);
    }

    /** The commit stands, and nobody hears of it. */
    void commitUnheard(Instant at, long... ids) throws SQLException {
      write(at, ids);
      connection.commit();
      log.rolledBack();
    }

    PostgresChanges changes() {
      return new PostgresChanges(new Reads(reads, new PostgresFailures()), log);
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }

  Node node(long number) throws SQLException {
    Connection connection = DriverManager.getConnection(url);
    connection.setAutoCommit(false);
    Statements statements = new Statements();
    OtherLogs others = new OtherLogs(statements, number);
    ChangeLog log = ChangeLog.open(connection, statements, PostgresChangeSql.SQL, number, others);
    return new Node(connection, log);
  }

  ChangeCursor newest() {
    return reads.inTransaction(handle -> ChangeSearch.newest(handle, PostgresChangeSql.SQL));
  }

  Changes after(ChangeCursor cursor, int most) {
    return reads.inTransaction(handle -> after(handle, cursor, most));
  }

  /** All that follows a cursor, in pages. */
  List<Long> told(ChangeCursor cursor) {
    return after(cursor, 1_000).list().stream()
        .map(change -> change.delivery().id().value())
        .toList();
  }

  private static Changes after(Handle handle, ChangeCursor cursor, int most) {
    return new ChangeSearch(handle, PostgresChangeSql.SQL, Samples.SCOPE, most)
        .after(cursor, (_, ids) -> ids.stream().map(NodeLogs::delivery).toList());
  }

  private static Delivery delivery(long id) {
    return new Delivery(
        new DeliveryId(id),
        Samples.SCOPE,
        Samples.delivery(Samples.SCOPE, id, "e").subject(),
        DeliveryState.WAITING,
        "",
        0,
        null,
        Samples.NOW,
        Samples.NOW,
        List.of());
  }

  void run(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  long count(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT COUNT(*) FROM delivery_change WHERE " + sql)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }
}
