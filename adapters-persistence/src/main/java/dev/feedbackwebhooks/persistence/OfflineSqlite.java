package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.persistence.stored.OfflineStore;
import dev.feedbackwebhooks.persistence.stored.SecretKeyCheck;
import dev.feedbackwebhooks.persistence.stored.SecretKeyFile;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/** A file that is read while no server uses it, and is not changed. */
final class OfflineSqlite {
  private OfflineSqlite() {}

  /**
   * @throws StoreException if there is none of this version, it is in use, or the key file does not
   *     fit it
   */
  static OfflineStore open(StoreSettings settings) {
    Path file = settings.database();
    if (!Files.exists(file)) {
      throw new StoreException("there is no database " + file + ": name it by --from", null);
    }
    DatabaseLock lock = DatabaseLock.take(file);
    try {
      lock.lockFile();
      Connection connection = Database.readOnly(file);
      try {
        Schema.requireCurrent(connection);
        lock.lockFile();
        SecretKeyFile keys = new SecretKeyFile(settings.secretKeyFile());
        var _ = SecretKeyCheck.openFitting(connection, String.valueOf(file), keys);
        return new OfflineStore("sqlite:" + file, connection, () -> close(connection, lock));
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      releaseAfter(lock, e);
      throw Database.cannotOpen(file, e);
    } catch (RuntimeException e) {
      releaseAfter(lock, e);
      throw e;
    }
  }

  private static void close(Connection connection, DatabaseLock lock)
      throws SQLException, IOException {
    try (lock;
        connection) {
      // Both, in this order, whatever the first one says.
      return;
    }
  }

  private static void releaseAfter(DatabaseLock lock, Exception cause) {
    try {
      lock.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
