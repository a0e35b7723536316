package dev.feedbackwebhooks.app.options;

import static dev.feedbackwebhooks.app.options.Rules.require;

import com.google.inject.Module;
import dev.feedbackwebhooks.persistence.PersistenceModule;
import dev.feedbackwebhooks.persistence.StoreSettings;
import dev.feedbackwebhooks.persistence.postgresql.PostgresModule;
import dev.feedbackwebhooks.persistence.postgresql.PostgresSettings;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** The store that the settings name. */
public sealed interface Storage {
  /**
   * A database, as {@code --database} names it.
   *
   * @throws SettingsException if it names none
   */
  static Storage at(String database, Optional<Path> keyFile) {
    if (!DatabaseUrl.isOfServer(database)) {
      DatabaseUrl.requireKnown(database);
      return new Sqlite(DatabaseUrl.sqlite("--database", database, keyFile));
    }
    DatabaseUrl.refuseUserInFront("--database", database);
    require(
        keyFile.isPresent(),
        "--secret-key-file: is needed where --database is at a server: name a file that is kept");
    return new Postgres(
        DatabaseUrl.postgres("--database", database, keyFile.get().toAbsolutePath().normalize()));
  }

  /** The module that binds the stores' ports. */
  Module module();

  /** Whether other processes may work on it as well. */
  boolean isShared();

  /** Its name in logs, without a secret. */
  String name();

  /** A directory of the file system that must not be full. */
  Path directory();

  /** A file of this machine. */
  record Sqlite(StoreSettings settings) implements Storage {
    @Override
    public Module module() {
      return new PersistenceModule(settings);
    }

    @Override
    public boolean isShared() {
      return false;
    }

    @Override
    public String name() {
      return "sqlite:" + settings.database();
    }

    @Override
    public Path directory() {
      return Objects.requireNonNullElse(settings.database().getParent(), Path.of(""));
    }
  }

  /** A database server; only the key is on this machine. */
  record Postgres(PostgresSettings settings) implements Storage {
    @Override
    public Module module() {
      return new PostgresModule(settings);
    }

    @Override
    public boolean isShared() {
      return true;
    }

    @Override
    public String name() {
      return settings.name();
    }

    @Override
    public Path directory() {
      return Objects.requireNonNullElse(settings.secretKeyFile().getParent(), Path.of(""));
    }
  }
}
