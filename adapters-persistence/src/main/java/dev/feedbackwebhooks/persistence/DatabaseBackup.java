package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.persistence.stored.SecretKeyCheck;
import dev.feedbackwebhooks.persistence.stored.SecretKeyFile;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A database's copy as one file, and the way back. A copy holds what was committed when it was
 * begun, and nothing of what was removed before: pages that are free are left out.
 */
final class DatabaseBackup {
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private DatabaseBackup() {}

  /**
   * Copies a database; a server may run on it, and goes on meanwhile.
   *
   * @param target must not exist
   * @return what the copy holds, read from it
   * @throws StoreException if it cannot, or the copy is damaged; then there is no target
   */
  static PersistenceModule.Backup write(Path database, Path target) {
    if (!Files.exists(database)) {
      throw new StoreException(
          "there is no database " + database + ": name it by --database", null);
    }
    return placed(target, part -> copy(database, part));
  }

  /**
   * Puts a copy in a database's place.
   *
   * @return what it holds
   * @throws StoreException if a database is there or in use, or the copy is damaged, of a newer
   *     version, or encrypted by another key than that of the settings
   */
  static PersistenceModule.Backup restore(Path copy, StoreSettings settings) {
    if (!Files.isReadable(copy)) {
      throw new StoreException("cannot read the backup " + copy, null);
    }
    Path database = settings.database();
    try (DatabaseLock _ = DatabaseLock.take(database)) {
      // A log beside it, of what was here before, would be read as the copy's.
      refuseExisting(database.resolveSibling(database.getFileName() + "-wal"));
      return placed(
          database,
          part -> {
            // A mark of what was here before is none of the copy's.
            OpenMark.of(database).remove();
            Files.copy(copy, part, StandardCopyOption.REPLACE_EXISTING);
            try (Connection connection = Database.beside(part)) {
              Schema.refuseNewer(connection);
              SecretKeyCheck.openFitting(
                  connection,
                  String.valueOf(database),
                  new SecretKeyFile(settings.secretKeyFile()));
            }
          });
    } catch (IOException e) {
      throw new StoreException("cannot release " + database + ": " + e, e);
    }
  }

  private interface Filling {
    void fill(Path part) throws SQLException, IOException;
  }

  /** Fills a file of another name, checks it, and gives it its name once it is on the disk. */
  private static PersistenceModule.Backup placed(Path target, Filling filling) {
    refuseExisting(target);
    Path part = target.resolveSibling(target.getFileName() + ".part");
    try {
      Files.deleteIfExists(part);
      // It names recipients.
      Files.createFile(part, OWNER_ONLY);
      filling.fill(part);
      PersistenceModule.Backup held = checked(part);
      sync(part, StandardOpenOption.WRITE);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      sync(directory(target), StandardOpenOption.READ);
      return held;
    } catch (SQLException | IOException e) {
      throw new StoreException("cannot write " + target + ": " + e.getMessage(), e);
    } finally {
      removeQuietly(part);
    }
  }

  private static void refuseExisting(Path file) {
    if (Files.exists(file)) {
      throw new StoreException(
          file + " exists: move it away, or give another name; nothing is overwritten", null);
    }
  }

  private static void copy(Path database, Path part) throws SQLException, IOException {
    try (OpenMark.Watch _ = OpenMark.watch(database);
        Connection connection = Database.beside(database);
        PreparedStatement vacuum = connection.prepareStatement("VACUUM INTO ?")) {
      Schema.refuseNewer(connection);
      vacuum.setString(1, part.toString());
      vacuum.execute();
    }
  }

  private static PersistenceModule.Backup checked(Path part) throws SQLException, IOException {
    try (Connection connection = Database.beside(part);
        Statement statement = connection.createStatement()) {
      Integrity.checkAll(statement, part);
      return new PersistenceModule.Backup(
          count(statement, "webhook_config"), count(statement, "delivery"), Files.size(part));
    }
  }

  private static long count(Statement statement, String table) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      return row.getLong(1);
    }
  }

  private static Path directory(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file : parent;
  }

  private static void sync(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }

  private static void removeQuietly(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException _) {
      // It is no backup by its name, and the next run removes it.
    }
  }
}
