package dev.feedbackwebhooks.app.maintenance;

import dev.feedbackwebhooks.app.options.DatabaseUrl;
import dev.feedbackwebhooks.app.options.DurabilityOption;
import dev.feedbackwebhooks.app.options.SettingsFileOption;
import dev.feedbackwebhooks.cli.terminal.Terminal;
import dev.feedbackwebhooks.persistence.StoreSettings;
import dev.feedbackwebhooks.persistence.migration.MigrationModule;
import dev.feedbackwebhooks.persistence.migration.MigrationModule.Compared;
import dev.feedbackwebhooks.persistence.postgresql.PostgresSettings;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Copies a SQLite database into a PostgreSQL, and compares both. */
@Command(
    name = "migrate",
    description = {
      "Copies a whole SQLite database into an empty one on PostgreSQL, and compares both: how many"
          + " rows, and sums of what they say.",
      "Stop the server first. If this is killed or fails, run it again: it goes on where it was."
          + " The SQLite database is not changed; no server starts on the other one before all is"
          + " equal."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Secrets are copied as they are encrypted: the key file stays the one that opens them, and"
          + " each server on PostgreSQL needs it.",
      "What is not copied: the log of changes. Who watches deliveries begins anew."
    })
final class MigrateCommand implements Runnable {
  private final Terminal terminal;

  @Mixin SettingsFileOption file;

  @Option(
      names = "--from",
      paramLabel = "URL",
      required = true,
      description = "sqlite:PATH, which no server uses.")
  private String from;

  @Option(
      names = "--to",
      paramLabel = "URL",
      required = true,
      description =
          "postgresql://HOST/NAME?user=USER, which is empty, or half filled by this command.")
  private String to;

  @Option(
      names = "--secret-key-file",
      paramLabel = "FILE",
      description = "The key file; beside the SQLite database by default.")
  private Optional<Path> secretKeyFile;

  @Mixin private DurabilityOption durability;

  MigrateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    StoreSettings source = DatabaseUrl.sqlite("--from", from, secretKeyFile);
    PostgresSettings target =
        durability.applied(DatabaseUrl.postgres("--to", to, source.secretKeyFile()));
    List<Compared> compared = copy(source, target);
    MigrationTable.of(compared).lines().forEach(terminal.out()::println);
    if (!compared.stream().allMatch(Compared::isEqual)) {
      throw new StoreException(
          target.name()
              + " does not hold what "
              + source.database()
              + " does, see above: no server will start on it; drop it, and begin with an empty one",
          null);
    }
    terminal
        .out()
        .println(
            "migrated "
                + source.database()
                + " to "
                + target.name()
                + ": all is equal; start servers with --secret-key-file="
                + source.secretKeyFile());
  }

  private List<Compared> copy(StoreSettings source, PostgresSettings target) {
    MigrationProgress progress = new MigrationProgress(terminal, System::nanoTime);
    try {
      return MigrationModule.migrate(source, target, progress);
    } finally {
      progress.end();
    }
  }
}
