package dev.feedbackwebhooks.app.options;

import dev.feedbackwebhooks.persistence.postgresql.PostgresSettings;
import picocli.CommandLine.Option;

/** Whether a PostgreSQL may be used that loses what it has committed when it crashes. */
public final class DurabilityOption {
  @Option(
      names = "--insecure-durability",
      arity = "0..1",
      defaultValue = "false",
      fallbackValue = "true",
      description =
          "Takes a PostgreSQL whose fsync or full_page_writes is off: what was acknowledged may be"
              + " lost.")
  boolean insecureDurability;

  /** The settings of a database, with this one. */
  public PostgresSettings applied(PostgresSettings database) {
    return database.withInsecureDurability(insecureDurability);
  }
}
