package dev.feedbackwebhooks.persistence.postgresql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.exception.FlywayValidateException;

/**
 * Brings the schema up to date. A newer version of the program may have brought it further, and
 * works on it at the same time: what it added is no matter, as long as this one knows the oldest
 * version that the database says must be known.
 */
final class PostgresSchema {
  static final String LOCATION = "classpath:dev/feedbackwebhooks/persistence/postgresql";

  private static final String NEEDED = "SELECT version, program FROM schema_needed";

  private PostgresSchema() {}

  /**
   * @throws StoreException for a database of another program, or of a version of this one that it
   *     cannot work with
   */
  static void migrate(PostgresSettings settings) {
    HikariConfig config = PostgresDatabase.config(settings, "schema", 3, SessionPins.COMMON);
    // A migration may take its time.
    config.addDataSourceProperty("socketTimeout", "0");
    try (HikariDataSource connections = new HikariDataSource(config)) {
      Flyway flyway =
          Flyway.configure(PostgresSchema.class.getClassLoader())
              .dataSource(connections)
              .locations(LOCATION)
              .ignoreMigrationPatterns("*:future")
              .cleanDisabled(true)
              .load();
      var _ = flyway.migrate();
      refuseUnknown(settings, newest(flyway));
    } catch (FlywayValidateException e) {
      throw new StoreException(
          "the database "
              + settings.name()
              + " was written by another version of this program, or by another program: use that"
              + " one, or give an empty database",
          e);
    } catch (FlywayException | SQLException e) {
      if (e instanceof FlywayException refused
          && refused.getErrorCode()
              == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE) {
        throw new StoreException(
            "the database "
                + settings.name()
                + " holds tables of another program: give an empty database",
            e);
      }
      throw PostgresDatabase.cannotOpen(settings, e);
    }
  }

  /** The newest version that this program knows. */
  private static MigrationVersion newest(Flyway flyway) {
    return Arrays.stream(flyway.info().all())
        .filter(migration -> migration.getState().isResolved())
        .map(MigrationInfo::getVersion)
        .max(MigrationVersion::compareTo)
        .orElse(MigrationVersion.EMPTY);
  }

  private static void refuseUnknown(PostgresSettings settings, MigrationVersion newest)
      throws SQLException {
    try (Connection connection = settings.connect(SessionPins.COMMON);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(NEEDED)) {
      if (row.next() && !newest.isAtLeast(row.getString("version"))) {
        throw new StoreException(
            "the database "
                + settings.name()
                + " is for version "
                + row.getString("program")
                + " of this program or a later one: use that (its schema is "
                + row.getString("version")
                + ", this one knows "
                + newest
                + ")",
            null);
      }
    }
  }
}
