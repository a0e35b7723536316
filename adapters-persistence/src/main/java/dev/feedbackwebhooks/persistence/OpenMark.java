package dev.feedbackwebhooks.persistence;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file beside a database that is there from when a server has opened it until that closes it: as
 * long, there is a write-ahead log that holds something. If the mark is there and no log is, the
 * log was taken away after an end that was not a clean one, and with it the newest commits.
 */
record OpenMark(Path mark, Path log) {
  static OpenMark of(Path database) throws IOException {
    Path file = DatabaseLock.real(database);
    return new OpenMark(
        file.resolveSibling(file.getFileName() + "-open"),
        file.resolveSibling(file.getFileName() + "-wal"));
  }

  boolean isLogMissing() throws IOException {
    return Files.exists(mark) && !hasLog();
  }

  boolean hasLog() throws IOException {
    return Files.exists(log) && Files.size(log) > 0;
  }

  /** To be called once something was committed. */
  void set() throws IOException {
    FileChannel.open(mark, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
    syncDirectory();
  }

  /**
   * To be called before the last connection is closed, which copies the log back and removes it.
   */
  void remove() throws IOException {
    if (Files.deleteIfExists(mark)) {
      syncDirectory();
    }
  }

  private void syncDirectory() throws IOException {
    Path directory = mark.toAbsolutePath().getParent();
    if (directory != null) {
      try (FileChannel entries = FileChannel.open(directory)) {
        entries.force(true);
      }
    }
  }

  /** Looks after a log that a command beside a server, or without one, may copy back. */
  static Watch watch(Path database) throws IOException {
    OpenMark mark = of(database);
    return new Watch(mark, mark.hasLog());
  }

  /** To be closed after that command's connection. */
  record Watch(OpenMark mark, boolean hadLog) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      if (hadLog && !mark.hasLog()) {
        mark.remove();
      }
    }
  }
}
