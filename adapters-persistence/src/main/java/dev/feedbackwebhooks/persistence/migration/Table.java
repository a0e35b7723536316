package dev.feedbackwebhooks.persistence.migration;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is copied of a table.
 *
 * @param name of PostgreSQL's
 * @param source what stands for it in SQLite: a query with all columns and keys
 * @param keys columns that rows are copied in the order of, numbers first; none for a table of one
 *     row, which is copied at once
 * @param columns what is copied and compared
 * @param constants what PostgreSQL's rows have beside that: values by column
 */
record Table(
    String name,
    String source,
    List<String> keys,
    List<Column> columns,
    Map<String, String> constants) {
  /** One that both databases have under the same names. */
  static Table of(String name, String... keys) {
    return new Table(name, "SELECT * FROM " + name, List.of(keys), List.of(), Map.of());
  }

  Table from(String query) {
    return new Table(name, query, keys, columns, constants);
  }

  Table with(Kind kind, String... names) {
    List<Column> all = new ArrayList<>(columns);
    for (String column : names) {
      all.add(new Column(column, kind));
    }
    return new Table(name, source, keys, List.copyOf(all), constants);
  }

  Table constant(String column, String value) {
    Map<String, String> all =
        Stream.concat(constants.entrySet().stream(), Map.of(column, value).entrySet().stream())
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    return new Table(name, source, keys, columns, all);
  }

  /** Counts the rows in SQLite. */
  String sourceCount() {
    return "SELECT COUNT(*) FROM (" + source + ")";
  }

  /** Reads SQLite's rows. */
  String sourceRows() {
    return "SELECT * FROM (" + source + ")";
  }

  /** The same from a place on, in the order of the keys. */
  String sourceRowsInOrder(boolean after) {
    if (keys.isEmpty()) {
      return sourceRows();
    }
    String key = String.join(", ", keys);
    String places = keys.stream().map(_ -> "?").collect(Collectors.joining(", "));
    return sourceRows()
        + (after ? " WHERE (" + key + ") > (" + places + ")" : "")
        + " ORDER BY "
        + key;
  }

  /** Reads PostgreSQL's rows. */
  String targetRows() {
    return "SELECT "
        + columns.stream().map(Column::name).collect(Collectors.joining(", "))
        + " FROM "
        + name;
  }

  /** Writes many of PostgreSQL's rows, of an array for each column. */
  String insert() {
    List<String> others = constants.keySet().stream().sorted().toList();
    return "INSERT INTO %s (%s) SELECT %s FROM unnest(%s) AS copied (%s)"
        .formatted(
            name,
            joined(Stream.concat(columns.stream().map(Column::name), others.stream())),
            joined(
                Stream.concat(
                    columns.stream().map(Table::taken), others.stream().map(constants::get))),
            joined(columns.stream().map(column -> "?::" + column.kind().sent() + "[]")),
            joined(columns.stream().map(Column::name)));
  }

  private static String taken(Column column) {
    return column.kind() == Kind.TEXTS ? column.name() + "::text[]" : column.name();
  }

  private static String joined(Stream<String> parts) {
    return parts.collect(Collectors.joining(", "));
  }
}
