package dev.feedbackwebhooks.persistence.migration;

import dev.feedbackwebhooks.persistence.migration.Journal.Reached;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Copies a table in batches, each in a transaction of its own together with the place that it came
 * to: whenever this ends, the next one goes on from there.
 */
final class TableCopy {
  private static final char BETWEEN_KEYS = '/';

  private final Table table;
  private final SqliteSide side;
  private final Connection source;
  private final Connection target;
  private final Journal journal;

  TableCopy(Table table, SqliteSide side, Connection source, Connection target, Journal journal) {
    this.table = table;
    this.side = side;
    this.source = source;
    this.target = target;
    this.journal = journal;
  }

  /**
   * @param progress is told how many rows are copied, after each commit
   */
  void run(LongConsumer progress) throws SQLException {
    Reached reached = journal.of(table);
    // Until the first batch is read from the other database, which may take long.
    target.rollback();
    progress.accept(reached.copied());
    if (reached.done()) {
      return;
    }
    long copied = reached.copied();
    boolean after = !reached.key().isEmpty();
    try (PreparedStatement select = source.prepareStatement(table.sourceRowsInOrder(after))) {
      if (after) {
        setPlace(select, reached.key());
      }
      try (ResultSet row = select.executeQuery()) {
        boolean more = row.next();
        do {
          Batch batch = new Batch(table, side.targetScopes());
          String key = reached.key();
          while (more && batch.hasRoom()) {
            batch.add(side.read(row, table.columns()));
            key = place(row);
            more = row.next();
          }
          Reached next = new Reached(key, batch.size(), !more);
          commit(batch, reached, next);
          reached = next;
          copied += batch.size();
          progress.accept(copied);
        } while (more);
      }
    }
  }

  private void commit(Batch batch, Reached from, Reached to) throws SQLException {
    batch.write(target);
    journal.advance(table, from, to);
    target.commit();
  }

  private String place(ResultSet row) throws SQLException {
    StringBuilder place = new StringBuilder();
    for (String key : table.keys()) {
      place.append(place.isEmpty() ? "" : BETWEEN_KEYS).append(row.getString(key));
    }
    return side.text(place.toString());
  }

  /** The first key is a number; the second one has the type of its column. */
  private void setPlace(PreparedStatement select, String place) throws SQLException {
    int between = place.indexOf(BETWEEN_KEYS);
    if (between < 0) {
      select.setLong(1, Long.parseLong(place));
      return;
    }
    select.setLong(1, Long.parseLong(place.substring(0, between)));
    String second = place.substring(between + 1);
    if (kind(table.keys().get(1)) == Kind.TEXT) {
      select.setString(2, second);
    } else {
      select.setLong(2, Long.parseLong(second));
    }
  }

  private @Nullable Kind kind(String column) {
    return table.columns().stream()
        .filter(each -> each.name().equals(column))
        .map(Column::kind)
        .collect(Collectors.reducing(null, (_, each) -> each));
  }
}
