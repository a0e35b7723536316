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
 */
final class DatabaseLock implements AutoCloseable {
  private final FileChannel channel;

  private DatabaseLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @throws StoreException if another process has it, or the directory cannot be written to
   */
  static DatabaseLock take(Path database) {
    try {
      Path directory = database.toAbsolutePath().getParent();
      if (directory != null) {
        Files.createDirectories(directory);
      }
      Path file = database.resolveSibling(database.getFileName() + ".lock");
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new StoreException(
            "the database "
                + database
                + " is in use by another process: stop that one, or give another --database",
            null);
      }
      return new DatabaseLock(channel);
    } catch (IOException e) {
      throw new StoreException("cannot use " + database + " as a database: " + e, e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException _) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
