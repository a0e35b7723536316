package dev.feedbackwebhooks.persistence.postgresql;

import dev.feedbackwebhooks.persistence.stored.StorableText;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sets the parameters of a statement that unnests arrays: one for each column, with an element for
 * each row. However many rows there are, they take one way to the server.
 */
final class Columns<R> {
  private final PreparedStatement statement;
  private final List<R> rows;
  private int at;

  private Columns(PreparedStatement statement, List<R> rows) {
    this.statement = statement;
    this.rows = rows;
  }

  static <R> Columns<R> of(PreparedStatement statement, List<R> rows) {
    return new Columns<>(statement, rows);
  }

  Columns<R> longs(ToLongFunction<R> column) throws SQLException {
    statement.setObject(++at, rows.stream().mapToLong(column).toArray());
    return this;
  }

  Columns<R> ints(ToIntFunction<R> column) throws SQLException {
    statement.setObject(++at, rows.stream().mapToInt(column).toArray());
    return this;
  }

  Columns<R> nullableLongs(Function<R, @Nullable Long> column) throws SQLException {
    statement.setObject(++at, rows.stream().map(column).toArray(Long[]::new));
    return this;
  }

  /** Text as PostgreSQL can hold it; see {@link StorableText}. */
  Columns<R> texts(Function<R, @Nullable String> column) throws SQLException {
    @Nullable String[] texts = new @Nullable String[rows.size()];
    for (int i = 0; i < texts.length; i++) {
      String text = column.apply(rows.get(i));
      texts[i] = text == null ? null : StorableText.of(text);
    }
    statement.setObject(++at, texts);
    return this;
  }

  /** Of what has a type of its own, as the server reads it. */
  Columns<R> objects(String type, Function<R, Object> column) throws SQLException {
    Object[] objects = rows.stream().map(column).toArray();
    statement.setArray(++at, statement.getConnection().createArrayOf(type, objects));
    return this;
  }

  Columns<R> bytes(Function<R, byte @Nullable []> column) throws SQLException {
    statement.setObject(++at, rows.stream().map(column).toArray(byte[][]::new));
    return this;
  }

  PreparedStatement statement() {
    return statement;
  }
}
