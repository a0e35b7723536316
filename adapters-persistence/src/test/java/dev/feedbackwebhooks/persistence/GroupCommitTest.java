package dev.feedbackwebhooks.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.testing.HeardLog;
import dev.feedbackwebhooks.persistence.stored.GroupCommit;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupCommitTest {
  @TempDir private Path directory;

  /** As a full disk does: the transaction is gone, and the driver does not know. */
  private boolean failing;

  @Test
  void whatIsReportedAsRefusedIsNotThereWhenACommitFails() throws Exception {
    Path file = directory.resolve("test.db");
    try (HeardLog _ = new HeardLog(GroupCommit.class);
        Connection real = SqliteFiles.connect(file);
        Connection other = SqliteFiles.connect(file)) {
      run(real, "CREATE TABLE t (n INTEGER)");
      run(real, "CREATE TABLE secret_key_check (encrypted BLOB)");
      GroupCommit writes =
          new GroupCommit(
              session(withFailingCommit(real)), Runnable::run, new Nothing(), new HeardStore());
      failing = true;
      for (int i = 0; i < 3; i++) {
        assertThat(writes.submit(connection -> run(connection, "INSERT INTO t VALUES (1)")))
            .failsWithin(Duration.ZERO);
        assertThat(rows(other)).isZero();
      }
      failing = false;
      assertThat(writes.submit(connection -> run(connection, "INSERT INTO t VALUES (2)")))
          .succeedsWithin(Duration.ZERO);
      assertThat(rows(other)).isEqualTo(1);
    }
  }

  @Test
  void whatComesAfterTheEndIsRefusedAndNobodyIsAlarmed() throws Exception {
    try (HeardLog log = new HeardLog(GroupCommit.class);
        Connection real = SqliteFiles.connect(directory.resolve("test.db"))) {
      run(real, "CREATE TABLE secret_key_check (encrypted BLOB)");
      GroupCommit writes =
          new GroupCommit(session(real), Runnable::run, new Nothing(), new HeardStore());
      writes.close();
      assertThat(writes.submit(_ -> 1)).failsWithin(Duration.ZERO);
      assertThat(log.lines()).isEmpty();
    }
  }

  /** A key that a secret is being encrypted by is not retired before the secret is written. */
  @Test
  void nobodyElseWritesFromTheBeginningOfAGroupOn() throws Exception {
    Path file = directory.resolve("test.db");
    try (Connection real = SqliteFiles.connect(file);
        Connection other = SqliteFiles.connect(file)) {
      run(real, "CREATE TABLE secret_key_check (encrypted BLOB)");
      run(other, "PRAGMA busy_timeout = 0");
      GroupCommit writes =
          new GroupCommit(session(real), Runnable::run, new Nothing(), new HeardStore());
      assertThat(writes.submit(_ -> beginsToWrite(other)))
          .succeedsWithin(Duration.ZERO)
          .isEqualTo(false);
      real.setAutoCommit(true);
      assertThat(beginsToWrite(other)).as("once it is over").isTrue();
    }
  }

  private SqliteSession session(Connection connection) {
    return new SqliteSession(connection, new Damage(directory.resolve("test.db")));
  }

  private static boolean beginsToWrite(Connection connection) {
    try {
      run(connection, "BEGIN IMMEDIATE");
      return true;
    } catch (SQLException _) {
      return false;
    }
  }

  private Connection withFailingCommit(Connection real) {
    return (Connection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Connection.class},
            (_, method, arguments) -> {
              if (failing && method.getName().equals("commit")) {
                run(real, "ROLLBACK");
                throw new SQLException("the disk is full");
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static boolean run(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      return statement.execute(sql);
    }
  }

  private static int rows(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SELECT COUNT(*) FROM t")) {
      return row.getInt(1);
    }
  }

  private static final class Nothing implements GroupCommit.Transactions {
    @Override
    public void beforeRecords(Connection connection) {}

    @Override
    public void beforeCommit(Connection connection) {}

    @Override
    public void committed() {}

    @Override
    public void rolledBack() {}
  }
}
