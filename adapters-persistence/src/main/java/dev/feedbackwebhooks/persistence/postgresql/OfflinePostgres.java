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
  private static final String LIVING =
      """
      SELECT COUNT(*) FROM node
      WHERE NOT lost AND seen_at > (extract(epoch FROM clock_timestamp()) * 1000)::bigint - ?
      """;

  private OfflinePostgres() {}

  /**
   * Opens it, and brings its schema up to date.
   *
   * @throws StoreException if it is none that this program can use, or a server works on it
   */
  static OfflineStore open(PostgresSettings settings) {
    PostgresSession session = PostgresDatabase.session(settings);
    try {
      Connection connection = session.begin();
      planForScans(connection);
      refuseServers(connection, settings);
      return new OfflineStore(settings.name(), connection, session::close);
    } catch (SQLException e) {
      session.close();
      throw PostgresDatabase.cannotOpen(settings, e);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /** Whole tables are read, where a server looks for single rows. */
  private static void planForScans(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("RESET enable_seqscan");
      statement.execute("RESET enable_hashjoin");
      statement.execute("RESET enable_mergejoin");
    }
    connection.commit();
  }

  private static void refuseServers(Connection connection, PostgresSettings settings)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(LIVING)) {
      select.setLong(1, Nodes.LOST_AFTER.toMillis());
      try (ResultSet row = select.executeQuery()) {
        if (row.next() && row.getInt(1) > 0) {
          throw new StoreException(
              "servers work on the database "
                  + settings.name()
                  + ": stop them first (one that was killed is known to be gone "
                  + Nodes.LOST_AFTER.toSeconds()
                  + " seconds after)",
              null);
        }
      }
    }
    connection.rollback();
  }
}
