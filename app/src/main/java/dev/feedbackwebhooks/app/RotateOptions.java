package dev.feedbackwebhooks.app;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What {@code rotate-secret-key} is told; read from the same places as {@link ServeOptions}. */
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
interface RotateOptions {
  @Option(names = "--settings", paramLabel = "FILE", description = "Properties file of settings.")
  Optional<Path> settings();

  @Option(
      names = "--database",
      paramLabel = "URL",
      defaultValue = "sqlite:./data/feedback.db",
      description = "sqlite:PATH or postgresql://HOST/NAME?user=USER (${DEFAULT-VALUE}).")
  String database();

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

  @Option(
      names = "--keep-old-keys",
      description = "Leaves the old keys in the file, so that it opens older backups as well.")
  boolean keepOldKeys();
}
