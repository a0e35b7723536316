package dev.feedbackwebhooks.app.maintenance;

import dev.feedbackwebhooks.app.options.DurabilityOption;
import dev.feedbackwebhooks.app.options.SettingsFileOption;
import dev.feedbackwebhooks.app.options.Storage;
import dev.feedbackwebhooks.cli.terminal.Terminal;
import dev.feedbackwebhooks.persistence.PersistenceModule;
import dev.feedbackwebhooks.persistence.StoreSettings;
import dev.feedbackwebhooks.persistence.postgresql.PostgresModule;
import dev.feedbackwebhooks.persistence.postgresql.PostgresSettings;
import dev.feedbackwebhooks.persistence.stored.KeyRotation;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Exchanges the key that stored secrets are encrypted with. */
@Command(
    name = "rotate-secret-key",
    description = {
      "Exchanges the key that stored secrets are encrypted with: adds a new one to the key file,"
          + " encrypts every secret anew, then removes the old ones from the file.",
      "The server may run meanwhile and needs no restart; on PostgreSQL, stop all servers first, and"
          + " give each a copy of the file after. If this is killed or fails, nothing is lost: run it"
          + " again."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Give the same --database, --secret-key-file and --settings as to serve, as the same user.",
      "A backup of the database from before needs the key file from before: keep that one, apart,"
          + " for as long as the backup; or use --keep-old-keys, and run this again without it"
          + " later."
    })
final class RotateCommand implements Runnable {
  private final Terminal terminal;

  @Mixin SettingsFileOption file;

  @Option(
      names = "--database",
      paramLabel = "URL",
      defaultValue = "sqlite:./data/feedback.db",
      description = "sqlite:PATH or postgresql://HOST/NAME?user=USER (${DEFAULT-VALUE}).")
  private String database;

  @Option(
      names = "--secret-key-file",
      paramLabel = "FILE",
      description = "The key file; beside the SQLite database by default.")
  private Optional<Path> secretKeyFile;

  @Option(
      names = "--keep-old-keys",
      description = "Leaves the old keys in the file, so that it opens older backups as well.")
  private boolean keepOldKeys;

  @Mixin private DurabilityOption durability;

  RotateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    terminal.out().println(rotate());
  }

  private String rotate() {
    return switch (Storage.at(database, secretKeyFile)) {
      case Storage.Sqlite(StoreSettings store) ->
          text(store.secretKeyFile(), PersistenceModule.rotateSecretKey(store, keepOldKeys));
      case Storage.Postgres(PostgresSettings store) ->
          text(
                  store.secretKeyFile(),
                  PostgresModule.rotateSecretKey(durability.applied(store), keepOldKeys))
              + "; give a copy of it to every server";
    };
  }

  private static String text(Path keyFile, KeyRotation done) {
    return "rotated "
        + keyFile
        + ": 1 key added, secrets of "
        + done.reencrypted()
        + " configurations encrypted anew, "
        + done.retired()
        + " old keys removed";
  }
}
