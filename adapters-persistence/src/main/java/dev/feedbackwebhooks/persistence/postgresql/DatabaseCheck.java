package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Keeps off a database, and off a way to one, on which this program could not do what it promises.
 */
final class DatabaseCheck {
  /** The oldest version of PostgreSQL that will do. */
  private static final int OLDEST = 15;

  private static final String ENCODING = "SHOW server_encoding";

  /** Where the tables would be looked for, and are not, though they are in another place. */
  private static final String ELSEWHERE =
      """
      SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relname = 'schema_needed' AND c.relkind = 'r' AND to_regclass('schema_needed') IS NULL
      ORDER BY 1 LIMIT 1
      """;

  private static final String REMEMBER =
      "SELECT set_config('feedback_webhooks.session', gen_random_uuid()::text, false)";
  private static final String RECALL = "SELECT current_setting('feedback_webhooks.session', true)";

  /** A pooler that hands out its connections in turn may seem to keep them for a while. */
  private static final int ROUNDS = 5;

  private DatabaseCheck() {}

  /**
   * @throws StoreException if it is unfit
   */
  static void refuseUnfit(PostgresSettings settings) throws SQLException {
    // An older one does not know all that a session sets.
    try (Connection first = settings.connect("SELECT 1")) {
      refuseOlder(first, settings);
    }
    try (Connection one = settings.connect(SessionPins.COMMON);
        Connection other = settings.connect(SessionPins.COMMON)) {
      refuseSharedSessions(one, other, settings);
      refuseEncoding(one, settings);
      refuseElsewhere(one, settings);
      if (!settings.insecureDurability()) {
        refuseForgetful(one, settings);
      }
    }
  }

  private static void refuseOlder(Connection connection, PostgresSettings settings)
      throws SQLException {
    int version = connection.getMetaData().getDatabaseMajorVersion();
    if (version < OLDEST) {
      throw new StoreException(
          "the database "
              + settings.name()
              + " is a PostgreSQL "
              + version
              + ": version "
              + OLDEST
              + " or a later one is needed",
          null);
    }
  }

  /** What one transaction sets for its session must be there in the next, and nobody else's. */
  private static void refuseSharedSessions(
      Connection one, Connection other, PostgresSettings settings) throws SQLException {
    String ours = text(one, REMEMBER);
    String theirs = text(other, REMEMBER);
    for (int round = 0; round < ROUNDS; round++) {
      // Twice, or two that take turns with two sessions would each meet its own.
      List<String> recalled = List.of(text(one, RECALL), text(one, RECALL), text(other, RECALL));
      if (!recalled.equals(List.of(ours, ours, theirs))) {
        throw new StoreException(
            "a pooler before the database "
                + settings.name()
                + " gives transactions of one connection to several sessions, which would mix up"
                + " prepared statements and settings: let PgBouncer have pool_mode=session, or name"
                + " PostgreSQL itself by --database",
            null);
      }
    }
  }

  private static void refuseEncoding(Connection connection, PostgresSettings settings)
      throws SQLException {
    String encoding = text(connection, ENCODING);
    if (!encoding.equals("UTF8")) {
      throw new StoreException(
          "the database "
              + settings.name()
              + " has the encoding "
              + encoding
              + ", which cannot hold every text: UTF8 is needed; make another by createdb"
              + " --encoding=UTF8 --locale=C --template=template0 NAME",
          null);
    }
  }

  private static void refuseElsewhere(Connection connection, PostgresSettings settings)
      throws SQLException {
    String schema = text(connection, ELSEWHERE);
    if (!schema.isEmpty()) {
      throw new StoreException(
          "the database "
              + settings.name()
              + " has this program's tables in the schema "
              + schema
              + ", which is not looked at: add currentSchema="
              + schema
              + " to the parameters of its URL",
          null);
    }
  }

  private static void refuseForgetful(Connection connection, PostgresSettings settings)
      throws SQLException {
    String off = Durability.off(connection);
    if (!off.isEmpty()) {
      throw new StoreException(
          "the PostgreSQL of "
              + settings.name()
              + " runs with "
              + off
              + ", so a crash of its machine may take what was acknowledged, or all: set that on, or"
              + " accept the loss by --insecure-durability",
          null);
    }
  }

  /** A query's one value; empty where it has none. */
  static String text(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      String text = row.next() ? row.getString(1) : null;
      return text == null ? "" : text;
    }
  }
}
