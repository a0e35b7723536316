package dev.feedbackwebhooks.app.options;

import dev.feedbackwebhooks.persistence.postgresql.PostgresSettings;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of the store. */
final class StorageOptions {
  @Option(
      names = "--database",
      paramLabel = "URL",
      defaultValue = "sqlite:./data/feedback.db",
      description = "sqlite:PATH, or postgresql://HOST/NAME?user=USER (${DEFAULT-VALUE}).")
  String database;

  @Option(
      names = "--secret-key-file",
      paramLabel = "FILE",
      description =
          "Key that encrypts stored secrets; made on first start, beside a SQLite file by default.")
  Optional<Path> secretKeyFile;

  @Option(
      names = "--state-directory",
      paramLabel = "DIR",
      description =
          "Where a server on PostgreSQL leaves word for the next one on its machine; the secret key"
              + " file's by default.")
  Optional<Path> stateDirectory;

  @Mixin DurabilityOption durability;

  Storage settings() {
    return switch (Storage.at(database, secretKeyFile)) {
      case Storage.Sqlite sqlite -> sqlite;
      case Storage.Postgres(PostgresSettings store) ->
          new Storage.Postgres(
              durability.applied(store).withState(stateDirectory.orElse(store.stateDirectory())));
    };
  }
}
