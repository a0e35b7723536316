package dev.feedbackwebhooks.app;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What {@code restore} is told; read from the same places as {@link ServeOptions}. */
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
interface RestoreOptions {
  @Option(names = "--settings", paramLabel = "FILE", description = "Properties file of settings.")
  Optional<Path> settings();

  @Option(
      names = "--database",
      paramLabel = "URL",
      defaultValue = "sqlite:./data/feedback.db",
      description = "sqlite:PATH (${DEFAULT-VALUE}).")
  String database();

  @Option(
      names = "--secret-key-file",
      paramLabel = "FILE",
      description = "The key file of the copy's time; beside the database by default.")
  Optional<Path> secretKeyFile();

  @Option(
      names = "--from",
      paramLabel = "FILE",
      required = true,
      description = "The copy; it is left where it is.")
  Path from();
}
