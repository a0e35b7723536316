package dev.feedbackwebhooks.app;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What {@code migrate} is told; read from the same places as {@link ServeOptions}. */
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
interface MigrateOptions {
  @Option(names = "--settings", paramLabel = "FILE", description = "Properties file of settings.")
  Optional<Path> settings();

  @Option(
      names = "--from",
      paramLabel = "URL",
      required = true,
      description = "sqlite:PATH, which no server uses.")
  String from();

  @Option(
      names = "--to",
      paramLabel = "URL",
      required = true,
      description =
          "postgresql://HOST/NAME?user=USER, which is empty, or half filled by this command.")
  String to();

  @Option(
      names = "--secret-key-file",
      paramLabel = "FILE",
      description = "The key file; beside the SQLite database by default.")
  Optional<Path> secretKeyFile();

  @Option(
      names = "--insecure-durability",
      arity = "0..1",
      defaultValue = "false",
      fallbackValue = "true",
      description =
          "Takes a PostgreSQL whose fsync or full_page_writes is off: what was acknowledged may be"
              + " lost.")
  boolean insecureDurability();
}
