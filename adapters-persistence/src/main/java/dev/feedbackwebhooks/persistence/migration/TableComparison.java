package dev.feedbackwebhooks.persistence.migration;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.LongConsumer;

/** Reads a table from both sides, and tells what each holds. */
final class TableComparison {
  /** Rows that come from PostgreSQL at once, and after which it is told how far this came. */
  private static final int STEP = 5_000;

  private TableComparison() {}

  /**
   * @param progress is told how many rows were read, of both sides
   */
  static MigrationModule.Compared run(
      Table table,
      Side sourceSide,
      Connection source,
      Side targetSide,
      Connection target,
      LongConsumer progress)
      throws SQLException {
    RowSum from = new RowSum();
    RowSum to = new RowSum();
    read(table.sourceRows(), table, sourceSide, source, from, progress);
    read(
        table.targetRows(),
        table,
        targetSide,
        target,
        to,
        rows -> progress.accept(from.rows() + rows));
    target.rollback();
    return new MigrationModule.Compared(table.name(), from.rows(), from.sum(), to.rows(), to.sum());
  }

  private static void read(
      String query,
      Table table,
      Side side,
      Connection connection,
      RowSum sum,
      LongConsumer progress)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(STEP);
      try (ResultSet row = statement.executeQuery(query)) {
        while (row.next()) {
          sum.add(side.read(row, table.columns()));
          if (sum.rows() % STEP == 0) {
            progress.accept(sum.rows());
          }
        }
      }
    }
  }
}
