package dev.feedbackwebhooks.persistence.migration;

import dev.feedbackwebhooks.persistence.migration.MigrationModule.Compared;
import dev.feedbackwebhooks.persistence.migration.MigrationModule.Progress;
import dev.feedbackwebhooks.persistence.postgresql.PostgresModule;
import dev.feedbackwebhooks.persistence.stored.EventKey;
import dev.feedbackwebhooks.persistence.stored.OfflineStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** One run: goes on where the last one ended, and compares all at the end. */
final class Migration {
  private final OfflineStore source;
  private final OfflineStore target;
  private final Progress progress;

  Migration(OfflineStore source, OfflineStore target, Progress progress) {
    this.source = source;
    this.target = target;
    this.progress = progress;
  }

  List<Compared> run() throws SQLException {
    String mark = SourceMark.read(source.connection());
    Journal journal = Journal.open(target, mark);
    PostgresModule.makeDays(target, SourceDays.read(source.connection()));
    for (Table table : Tables.ALL) {
      copy(table, journal);
    }
    analyze();
    List<Compared> compared = compare();
    if (compared.stream().allMatch(Compared::isEqual)) {
      journal.end(mark);
    }
    return compared;
  }

  private void copy(Table table, Journal journal) throws SQLException {
    long all = rows(table);
    // Read anew each time: one of the tables is theirs.
    TableCopy copy =
        new TableCopy(table, sqlite(), source.connection(), target.connection(), journal);
    copy.run(rows -> progress.copied(table.name(), rows, all));
  }

  private SqliteSide sqlite() throws SQLException {
    return new SqliteSide(Scopes.read(source.connection()), targetScopes(), new EventKey());
  }

  private Scopes targetScopes() throws SQLException {
    Scopes scopes = Scopes.read(target.connection());
    target.connection().rollback();
    return scopes;
  }

  private long rows(Table table) throws SQLException {
    try (Statement statement = source.connection().createStatement();
        ResultSet row = statement.executeQuery(table.sourceCount())) {
      return row.getLong(1);
    }
  }

  /** Else the first searches would be planned for empty tables. */
  private void analyze() throws SQLException {
    Connection connection = target.connection();
    int timeout = connection.getNetworkTimeout();
    // All days of a table are one statement, which says nothing until its end.
    connection.setNetworkTimeout(Runnable::run, 0);
    try (Statement statement = connection.createStatement()) {
      for (Table table : Tables.ALL) {
        statement.execute("ANALYZE " + table.name());
        connection.commit();
      }
    }
    connection.setNetworkTimeout(Runnable::run, timeout);
  }

  private List<Compared> compare() throws SQLException {
    Side from = sqlite();
    Side to = new PostgresSide(targetScopes());
    List<Compared> compared = new ArrayList<>();
    for (Table table : Tables.ALL) {
      long all = 2 * rows(table);
      compared.add(
          TableComparison.run(
              table,
              from,
              source.connection(),
              to,
              target.connection(),
              rows -> progress.compared(table.name(), rows, all)));
    }
    return compared;
  }
}
