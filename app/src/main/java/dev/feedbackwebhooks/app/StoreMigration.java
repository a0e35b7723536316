package dev.feedbackwebhooks.app;

import dev.feedbackwebhooks.cli.Terminal;
import dev.feedbackwebhooks.persistence.StoreSettings;
import dev.feedbackwebhooks.persistence.migration.MigrationModule;
import dev.feedbackwebhooks.persistence.migration.MigrationModule.Compared;
import dev.feedbackwebhooks.persistence.postgresql.PostgresSettings;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/** The command {@code migrate}. */
final class StoreMigration {
  private StoreMigration() {}

  /**
   * Copies, and shows what both databases hold.
   *
   * @return what it did
   * @throws StoreException if it cannot, or they differ
   */
  static String run(MigrateOptions options, Terminal terminal, LongSupplier nanos) {
    StoreSettings from = Settings.store("--from", options.from(), options.secretKeyFile());
    PostgresSettings to =
        Settings.postgres("--to", options.to(), from.secretKeyFile())
            .withInsecureDurability(options.insecureDurability());
    MigrationProgress progress = new MigrationProgress(terminal, nanos);
    List<Compared> compared;
    try {
      compared = MigrationModule.migrate(from, to, progress);
    } finally {
      progress.end();
    }
    table(compared).lines().forEach(terminal.out()::println);
    if (!compared.stream().allMatch(Compared::isEqual)) {
      throw new StoreException(
          to.name()
              + " does not hold what "
              + from.database()
              + " does, see above: no server will start on it; drop it, and begin with an empty one",
          null);
    }
    return "migrated "
        + from.database()
        + " to "
        + to.name()
        + ": all is equal; start servers with --secret-key-file="
        + from.secretKeyFile();
  }

  private static String table(List<Compared> compared) {
    StringBuilder table =
        new StringBuilder(row("", "SQLite: rows", "sum", "PostgreSQL: rows", "sum", ""));
    for (Compared each : compared) {
      table.append(
          row(
              each.table(),
              count(each.rows()),
              sum(each.sum()),
              count(each.targetRows()),
              sum(each.targetSum()),
              each.isEqual() ? "equal" : "DIFFERENT"));
    }
    return table.toString();
  }

  private static String row(
      String table, String rows, String sum, String targetRows, String targetSum, String result) {
    return String.format(
                Locale.ROOT,
                "%-16s  %12s  %-16s  %16s  %-16s  %s",
                table,
                rows,
                sum,
                targetRows,
                targetSum,
                result)
            .stripTrailing()
        + "\n";
  }

  private static String count(long rows) {
    return String.format(Locale.ROOT, "%,d", rows);
  }

  private static String sum(long sum) {
    return String.format(Locale.ROOT, "%016x", sum);
  }
}
