package dev.feedbackwebhooks.persistence;

import java.sql.Connection;
import java.sql.SQLException;

/** Writes what a transaction has gathered so far. */
interface Flush {
  void flush(Connection connection) throws SQLException;
}
