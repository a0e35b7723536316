package dev.feedbackwebhooks.persistence.stored;

import java.sql.Connection;
import java.sql.SQLException;

/** Removes old rows of other nodes' logs, some with each call. Used by the writer only. */
public interface ChangeTrim {
  /** For a database that one process writes to. */
  ChangeTrim NO_OTHERS = _ -> {};

  void trim(Connection connection) throws SQLException;
}
