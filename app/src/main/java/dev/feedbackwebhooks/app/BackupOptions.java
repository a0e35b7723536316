package dev.feedbackwebhooks.app;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What {@code backup} is told; read from the same places as {@link ServeOptions}. */
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
interface BackupOptions {
  @Option(names = "--settings", paramLabel = "FILE", description = "Properties file of settings.")
  Optional<Path> settings();

  @Option(
      names = "--database",
      paramLabel = "URL",
      defaultValue = "sqlite:./data/feedback.db",
      description = "sqlite:PATH (${DEFAULT-VALUE}).")
  String database();

  @Option(
      names = "--to",
      paramLabel = "FILE",
      required = true,
      description = "The copy, which must not exist; mode 0600.")
  Path to();
}
