package dev.feedbackwebhooks.app.maintenance;

import dev.feedbackwebhooks.persistence.migration.MigrationModule.Compared;
import java.util.List;
import java.util.Locale;

/** Prints the rows of both databases of a migration, table by table. */
final class MigrationTable {
  private MigrationTable() {}

  static String of(List<Compared> compared) {
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
