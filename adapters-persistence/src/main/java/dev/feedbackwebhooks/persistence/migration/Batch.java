package dev.feedbackwebhooks.persistence.migration;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.persistence.stored.TextArray;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Rows that take one way to PostgreSQL. */
final class Batch {
  private static final int MOST_ROWS = 2_000;
  private static final long MOST_BYTES = 4L << 20;

  private final Table table;
  private final Scopes scopes;
  private final List<List<@Nullable Object>> rows = new ArrayList<>();
  private long bytes;

  /**
   * @param scopes of PostgreSQL
   */
  Batch(Table table, Scopes scopes) {
    this.table = table;
    this.scopes = scopes;
  }

  boolean hasRoom() {
    return rows.size() < MOST_ROWS && bytes < MOST_BYTES;
  }

  int size() {
    return rows.size();
  }

  void add(List<@Nullable Object> row) {
    rows.add(row);
    for (Object value : row) {
      bytes +=
          switch (value) {
            case byte[] some -> some.length;
            case String text -> text.length();
            case null, default -> Long.BYTES;
          };
    }
  }

  void write(Connection connection) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try (PreparedStatement insert = connection.prepareStatement(table.insert())) {
      for (int i = 0; i < table.columns().size(); i++) {
        set(connection, insert, i, table.columns().get(i).kind());
      }
      insert.executeUpdate();
    }
  }

  private void set(Connection connection, PreparedStatement insert, int at, Kind kind)
      throws SQLException {
    Object[] elements =
        switch (kind) {
          case NUMBER -> column(at, value -> value).toArray(Long[]::new);
          case TEXT -> column(at, value -> value).toArray(String[]::new);
          case BYTES -> column(at, value -> value).toArray(byte[][]::new);
          case TEXTS -> column(at, Batch::array).toArray(String[]::new);
          case SCOPE -> column(at, value -> scopes.number((Scope) value)).toArray(Long[]::new);
          case TRUTH, KEY -> column(at, value -> value).toArray();
        };
    insert.setArray(at + 1, connection.createArrayOf(kind.sent(), elements));
  }

  private static String array(Object value) {
    return TextArray.of(((List<?>) value).stream().map(String.class::cast).toList());
  }

  private List<@Nullable Object> column(int at, Function<Object, Object> element) {
    List<@Nullable Object> elements = new ArrayList<>(rows.size());
    for (List<@Nullable Object> row : rows) {
      Object value = row.get(at);
      elements.add(value == null ? null : element.apply(value));
    }
    return elements;
  }
}
