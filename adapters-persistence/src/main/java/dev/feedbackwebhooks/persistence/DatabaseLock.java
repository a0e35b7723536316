package dev.feedbackwebhooks.persistence;

import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps other processes off a database: claims in it belong to one process only. The operating
 * system ends it with the process, however that dies.
 *
 * <p>A file beside the database is locked, which also holds while there is no database yet; and,
 * once there is one, a byte of the database itself, whatever name it is opened by.
 */
final class DatabaseLock implements AutoCloseable {
  /** Behind the bytes that SQLite locks, which are 512 from 1 GiB on. */
  private static final long BYTE = (1L << 30) + 4_096;

  private final Path database;
  private final FileChannel beside;
  private @Nullable FileChannel itself;
  private @Nullable FileLock held;

  private DatabaseLock(Path database, FileChannel beside) {
    this.database = database;
    this.beside = beside;
  }

  /**
   * @throws StoreException if another process has it, it has several names, or the directory cannot
   *     be written to
   */
  static DatabaseLock take(Path database) {
    try {
      Path directory = database.toAbsolutePath().getParent();
      if (directory != null) {
        Files.createDirectories(directory);
      }
      Path file = real(database);
      refuseSeveralNames(file);
      Path lock = file.resolveSibling(file.getFileName() + ".lock");
      FileChannel channel =
          FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel, 0) == null) {
        channel.close();
        throw inUse(database);
      }
      return new DatabaseLock(database, channel);
    } catch (IOException e) {
      throw unusable(database, e);
    }
  }

  /**
   * Locks the database itself, which is there now. To be called before SQLite opens it, and again
   * once it has read from it in WAL mode: before, it unlocks the whole file with each transaction,
   * and from then on nothing of it until it closes it for the last time.
   *
   * @throws StoreException if another process has it, by whatever name
   */
  void lockFile() {
    try {
      if (itself == null) {
        itself =
            FileChannel.open(real(database), StandardOpenOption.READ, StandardOpenOption.WRITE);
      }
      if (held != null) {
        held.release();
      }
      // Not closed if it is refused: that would end SQLite's own locks as well.
      held = tryLock(itself, BYTE);
      if (held == null) {
        throw inUse(database);
      }
    } catch (IOException e) {
      throw unusable(database, e);
    }
  }

  /** The name that SQLite goes by as well, and names its log after: no link is left in it. */
  static Path real(Path database) throws IOException {
    if (Files.exists(database)) {
      return database.toRealPath();
    }
    Path directory = database.toAbsolutePath().getParent();
    return directory == null || !Files.exists(directory)
        ? database.toAbsolutePath()
        : directory.toRealPath().resolve(database.getFileName());
  }

  /** The log lies beside one of its names: by another one, what is in it would not be there. */
  private static void refuseSeveralNames(Path file) throws IOException {
    if (Files.exists(file)
        && Files.getFileStore(file).supportsFileAttributeView("unix")
        && Files.getAttribute(file, "unix:nlink") instanceof Integer names
        && names > 1) {
      throw new StoreException(
          "the database "
              + file
              + " has "
              + names
              + " names (hard links), and its log lies beside one of them only: remove the others,"
              + " or make a copy of it by 'backup'",
          null);
    }
  }

  private static StoreException inUse(Path database) {
    return new StoreException(
        "the database "
            + database
            + " is in use by another process: stop that one, or give another --database",
        null);
  }

  private static @Nullable FileLock tryLock(FileChannel channel, long from) throws IOException {
    try {
      return channel.tryLock(from, 1, false);
    } catch (OverlappingFileLockException _) {
      return null;
    }
  }

  private static StoreException unusable(Path database, IOException e) {
    return new StoreException("cannot use " + database + " as a database: " + e, e);
  }

  /** To be called once SQLite has closed the database. */
  @Override
  public void close() throws IOException {
    if (itself != null) {
      itself.close();
    }
    beside.close();
  }
}
