package dev.feedbackwebhooks.persistence.stored;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * A database that no server works on, for a command that does.
 *
 * @param name what it is called in messages, without a secret
 * @param connection the only one
 * @param release lets servers to it again
 */
public record OfflineStore(String name, Connection connection, Release release)
    implements AutoCloseable {
  /** Ends what keeps servers off, and closes the connection. */
  public interface Release {
    void run() throws SQLException, IOException;
  }

  /**
   * @throws StoreException if it cannot be closed
   */
  @Override
  public void close() {
    try {
      release.run();
    } catch (SQLException | IOException e) {
      throw new StoreException("cannot close the database " + name + ": " + e.getMessage(), e);
    }
  }
}
