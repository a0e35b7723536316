package dev.feedbackwebhooks.app.maintenance;

import dev.feedbackwebhooks.app.options.DatabaseUrl;
import dev.feedbackwebhooks.app.options.SettingsFileOption;
import dev.feedbackwebhooks.cli.terminal.Terminal;
import dev.feedbackwebhooks.persistence.PersistenceModule;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Copies a SQLite database into a file. */
@Command(
    name = "backup",
    description = {
      "Copies the database into one file, as it is at this moment, and checks the copy.",
      "The server may run meanwhile. The write-ahead log grows until the copy is done."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The key that secrets are encrypted with (--secret-key-file of serve) is not in the copy."
          + " Keep it apart, and as long: without it, stored secrets cannot be read."
    })
final class BackupCommand implements Runnable {
  private final Terminal terminal;

  @Mixin SettingsFileOption file;

  @Option(
      names = "--database",
      paramLabel = "URL",
      defaultValue = "sqlite:./data/feedback.db",
      description = "sqlite:PATH (${DEFAULT-VALUE}).")
  private String database;

  @Option(
      names = "--to",
      paramLabel = "FILE",
      required = true,
      description = "The copy, which must not exist; mode 0600.")
  private Path to;

  BackupCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    Path from = DatabaseUrl.sqlite("--database", database, Optional.empty()).database();
    PersistenceModule.Backup copy = PersistenceModule.backup(from, to);
    terminal.out().println("backed up " + from + " to " + to + ": " + text(copy));
  }

  static String text(PersistenceModule.Backup copy) {
    return copy.configurations()
        + " configurations, "
        + copy.deliveries()
        + " deliveries, "
        + copy.bytes()
        + " bytes, checked";
  }
}
