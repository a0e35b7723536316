package dev.feedbackwebhooks.persistence.stored;

import java.sql.SQLException;

/** The database refuses what was to be written for what it says, and would again. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final boolean byItsData;

  /**
   * @param byItsData whether what was to be written is at fault, and not what it is written to
   */
  RefusedException(SQLException cause, boolean byItsData) {
    super("SQLSTATE " + cause.getSQLState() + ": " + withoutValues(cause), cause);
    this.byItsData = byItsData;
  }

  boolean byItsData() {
    return byItsData;
  }

  /** Of class 22 the message quotes the value, which may be about a person. */
  private static String withoutValues(SQLException cause) {
    String message = String.valueOf(cause.getMessage());
    String line = message.lines().findFirst().orElse("");
    int quoted = line.indexOf('"');
    return String.valueOf(cause.getSQLState()).startsWith("22") && quoted > 0
        ? line.substring(0, quoted) + "…"
        : line;
  }
}
