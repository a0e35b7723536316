package dev.feedbackwebhooks.app.options;

import static dev.feedbackwebhooks.app.options.Rules.require;

import dev.feedbackwebhooks.persistence.StoreSettings;
import dev.feedbackwebhooks.persistence.postgresql.PostgresSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** The URL of a database; no refusal repeats the name, which may hold a password. */
public final class DatabaseUrl {
  private static final String SQLITE = "sqlite:";
  private static final String POSTGRES = "postgresql:";

  /** The driver takes a user as a parameter only. */
  private static final Pattern AUTHORITY = Pattern.compile("postgresql://[^/?]*@");

  private DatabaseUrl() {}

  static boolean isOfServer(String database) {
    return database.startsWith(POSTGRES);
  }

  static void requireKnown(String database) {
    require(
        database.startsWith(SQLITE),
        "--database: is no database that this version knows: give sqlite:PATH or"
            + " postgresql://HOST/NAME?user=USER");
  }

  /**
   * A database at a server.
   *
   * @param option that names it
   * @throws SettingsException if it names none
   */
  public static PostgresSettings postgres(String option, String database, Path keyFile) {
    require(
        isOfServer(database),
        option + ": is no database at a server: give postgresql://HOST/NAME?user=USER");
    refuseUserInFront(option, database);
    return new PostgresSettings(database, keyFile);
  }

  static void refuseUserInFront(String option, String database) {
    require(
        !AUTHORITY.matcher(database).lookingAt(),
        option
            + ": names its user before the host: give postgresql://HOST/NAME?user=USER, and the"
            + " password in the file that PGPASSFILE names");
  }

  /**
   * A file.
   *
   * @param option that names it
   * @param keyFile beside the database unless given
   * @throws SettingsException if it names none
   */
  public static StoreSettings sqlite(String option, String database, Optional<Path> keyFile) {
    require(
        !isOfServer(database),
        option
            + ": this is done to SQLite only: give sqlite:PATH, and for PostgreSQL use its own"
            + " tools");
    require(
        database.startsWith(SQLITE) && database.length() > SQLITE.length(),
        option + ": is no database that this version knows: give sqlite:PATH");
    Path file = Path.of(database.substring(SQLITE.length())).toAbsolutePath().normalize();
    require(!Files.isDirectory(file), option + ": " + file + " is a directory: name a file");
    Path key = keyFile.orElse(file.resolveSibling(file.getFileName() + ".key"));
    return new StoreSettings(file, key.toAbsolutePath().normalize());
  }
}
