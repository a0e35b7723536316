package dev.feedbackwebhooks.persistence.migration;

import dev.feedbackwebhooks.domain.config.Scope;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One of the two databases: reads its rows as values that are equal if they mean the same in both.
 */
sealed interface Side permits SqliteSide, PostgresSide {
  /** Text as PostgreSQL can hold it. */
  String text(String stored);

  List<String> texts(ResultSet row, String column) throws SQLException;

  UUID key(ResultSet row, String column) throws SQLException;

  Scope scope(long number);

  /** The values of a row's columns, in their order. */
  default List<@Nullable Object> read(ResultSet row, List<Column> columns) throws SQLException {
    List<@Nullable Object> values = new ArrayList<>(columns.size());
    for (Column column : columns) {
      values.add(read(row, column));
    }
    return values;
  }

  private @Nullable Object read(ResultSet row, Column column) throws SQLException {
    String name = column.name();
    return switch (column.kind()) {
      case NUMBER -> number(row, name);
      case TRUTH -> row.getBoolean(name);
      case TEXT -> text(row, name);
      case BYTES -> row.getBytes(name);
      case TEXTS -> texts(row, name);
      case KEY -> key(row, name);
      case SCOPE -> scope(row.getLong(name));
    };
  }

  private static @Nullable Long number(ResultSet row, String column) throws SQLException {
    long number = row.getLong(column);
    return row.wasNull() ? null : Long.valueOf(number);
  }

  private @Nullable String text(ResultSet row, String column) throws SQLException {
    String stored = row.getString(column);
    return stored == null ? null : text(stored);
  }
}
