package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.domain.node.Nodes;
import dev.feedbackwebhooks.persistence.stored.OfflineStore;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** A database that is worked on while no server uses it. */
final class OfflinePostgres {
  /** Whether there may be servers: not in a database that is empty, or another program's. */
  private static final String HAS_NODES =
      "SELECT to_regclass('schema_needed') IS NOT NULL AND to_regclass('node') IS NOT NULL";

  private static final String LIVING =
      """
      SELECT COUNT(*) FROM node
      WHERE NOT lost AND seen_at > %s - ?
      """
          .formatted(DatabaseClock.MILLIS);

  private OfflinePostgres() {}

  /**
   * Opens it, and brings its schema up to date.
   *
   * @throws StoreException if it is none that this program can use, or a server works on it
   */
  static OfflineStore open(PostgresSettings settings) {
    PostgresSession session =
        PostgresDatabase.session(
            settings, connection -> refuseServersIfAny(connection, settings.name()));
    try {
      Connection connection = session.begin();
      planForScans(connection);
      return new OfflineStore(settings.name(), connection, session::close);
    } catch (SQLException e) {
      session.close();
      throw PostgresDatabase.cannotOpen(settings, e);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /**
   * Keeps servers from starting until the transaction that is open ends.
   *
   * @throws StoreException if one works on the database already
   */
  static void keepServersOut(OfflineStore store) throws SQLException {
    Connection connection = store.connection();
    // Who joins writes a row: one who was first is seen below, and others wait.
    DayPartitions.run(connection, "LOCK TABLE node IN SHARE ROW EXCLUSIVE MODE");
    refuseServers(connection, store.name());
  }

  /**
   * Whole tables are read, where a server looks for single rows, and the other database is read for
   * long in between.
   */
  private static void planForScans(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("RESET enable_seqscan");
      statement.execute("RESET enable_hashjoin");
      statement.execute("RESET enable_mergejoin");
      statement.execute("SET idle_in_transaction_session_timeout = 0");
    }
    connection.commit();
  }

  /** Before the schema is changed under them. */
  private static void refuseServersIfAny(Connection connection, String name) throws SQLException {
    boolean any;
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(HAS_NODES)) {
      any = row.next() && row.getBoolean(1);
    }
    if (any) {
      refuseServers(connection, name);
    }
  }

  private static void refuseServers(Connection connection, String name) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(LIVING)) {
      select.setLong(1, Nodes.LOST_AFTER.toMillis());
      try (ResultSet row = select.executeQuery()) {
        if (row.next() && row.getInt(1) > 0) {
          throw new StoreException(
              "servers work on the database "
                  + name
                  + ": stop them first (one that was killed is known to be gone "
                  + Nodes.LOST_AFTER.toSeconds()
                  + " seconds after)",
              null);
        }
      }
    }
  }
}
