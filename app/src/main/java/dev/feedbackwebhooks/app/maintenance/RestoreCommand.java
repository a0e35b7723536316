package dev.feedbackwebhooks.app.maintenance;

import dev.feedbackwebhooks.app.options.DatabaseUrl;
import dev.feedbackwebhooks.app.options.SettingsFileOption;
import dev.feedbackwebhooks.cli.terminal.Terminal;
import dev.feedbackwebhooks.persistence.PersistenceModule;
import dev.feedbackwebhooks.persistence.StoreSettings;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Puts a copy of a SQLite database where a server looks for it. */
@Command(
    name = "restore",
    description = {
      "Puts a copy made by backup where serve looks for its database, after checking that it is"
          + " whole and that the key file opens its secrets.",
      "Stop the server first, and move what is left of the old database away: nothing is"
          + " overwritten."
    },
    sortOptions = false,
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "What was delivered after the copy was made is sent again, with the same webhook-id; events"
          + " that were accepted after it are gone: let the pipeline send them again."
    })
final class RestoreCommand implements Runnable {
  private final Terminal terminal;

  @Mixin SettingsFileOption file;

  @Option(
      names = "--database",
      paramLabel = "URL",
      defaultValue = "sqlite:./data/feedback.db",
      description = "sqlite:PATH (${DEFAULT-VALUE}).")
  private String database;

  @Option(
      names = "--secret-key-file",
      paramLabel = "FILE",
      description = "The key file of the copy's time; beside the database by default.")
  private Optional<Path> secretKeyFile;

  @Option(
      names = "--from",
      paramLabel = "FILE",
      required = true,
      description = "The copy; it is left where it is.")
  private Path from;

  RestoreCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public void run() {
    StoreSettings store = DatabaseUrl.sqlite("--database", database, secretKeyFile);
    PersistenceModule.Backup copy = PersistenceModule.restore(from, store);
    terminal
        .out()
        .println(
            "restored " + store.database() + " from " + from + ": " + BackupCommand.text(copy));
  }
}
