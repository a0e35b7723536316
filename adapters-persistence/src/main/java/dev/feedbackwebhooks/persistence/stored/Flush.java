package dev.feedbackwebhooks.persistence.stored;

import java.sql.Connection;
import java.sql.SQLException;

/** Writes what a transaction has gathered so far. */
public interface Flush {
  void flush(Connection connection) throws SQLException;
}
