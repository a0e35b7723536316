package dev.feedbackwebhooks.persistence.stored;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Statements of the writing connection, prepared once. Used by the writer only. */
public final class Statements {
  private final Map<String, PreparedStatement> prepared = new HashMap<>();
  private final UnaryOperator<String> text;

  public Statements() {
    this(UnaryOperator.identity());
  }

  /**
   * @param text what is stored for a text
   */
  public Statements(UnaryOperator<String> text) {
    this.text = text;
  }

  /** The statement with its parameters set: numbers, strings, bytes, arrays and truths. */
  public PreparedStatement of(Connection connection, String sql, @Nullable Object... parameters)
      throws SQLException {
    PreparedStatement statement = prepared.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      prepared.put(sql, statement);
    }
    for (int i = 0; i < parameters.length; i++) {
      switch (parameters[i]) {
        case Long number -> statement.setLong(i + 1, number);
        case Integer number -> statement.setInt(i + 1, number);
        case String given -> statement.setString(i + 1, text.apply(given));
        case byte[] bytes -> statement.setBytes(i + 1, bytes);
        case Boolean truth -> statement.setBoolean(i + 1, truth);
        case Array array -> statement.setArray(i + 1, array);
        case null -> statement.setNull(i + 1, Types.NULL);
        default -> throw new IllegalArgumentException(parameters[i].getClass().getName());
      }
    }
    return statement;
  }

  /** To be called when one failed: the driver may have closed it, and does not say so. */
  public void forget() {
    for (PreparedStatement statement : prepared.values()) {
      try {
        statement.close();
      } catch (SQLException _) {
        // It is not used again in any case.
      }
    }
    prepared.clear();
  }

  /** An INSERT of several rows at once: {@code insert} and as many lists of placeholders. */
  public static String rows(String insert, int columns, int rows) {
    String row = "(" + "?, ".repeat(columns - 1) + "?)";
    return insert + (row + ", ").repeat(rows - 1) + row;
  }
}
