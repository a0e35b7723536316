package dev.feedbackwebhooks.persistence.postgresql;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes of one database that this machine runs: each has a file in a directory, which it locks.
 * The operating system ends that with the process, however it dies; so whose file can be locked is
 * dead.
 */
final class Incarnations implements AutoCloseable {
  /** What no other database has: a copy has another number, and a new one another time. */
  private static final String DATABASE =
      """
      SELECT (SELECT oid FROM pg_database WHERE datname = current_database()) || '-'
        || (extract(epoch FROM (SELECT min(installed_on) FROM flyway_schema_history))
          * 1000000)::bigint
      """;

  private static final Logger log = LoggerFactory.getLogger(Incarnations.class);

  private final Path directory;
  private final String prefix;
  private final Path own;
  private final @Nullable FileChannel lock;

  private Incarnations(Path directory, String prefix, long number) {
    this.directory = directory;
    this.prefix = prefix;
    this.own = file(number);
    this.lock = lockOwn();
  }

  /** Says that a node runs here, until {@link #close} or the end of the process. */
  static Incarnations begin(Connection connection, Path directory, long number)
      throws SQLException {
    String database = DatabaseCheck.text(connection, DATABASE);
    return new Incarnations(directory, "feedback-webhooks-node-" + database + "-", number);
  }

  private Path file(long number) {
    return directory.resolve(prefix + number);
  }

  private @Nullable FileChannel lockOwn() {
    try {
      Files.createDirectories(directory);
      return tryLock(own, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      log.atInfo()
          .addKeyValue("directory", directory)
          .addKeyValue("cause", e.toString())
          .log(
              "no file can be kept here: what this server has under way when it is killed waits"
                  + " for the end of its lease; see --state-directory");
      return null;
    }
  }

  /** Null if a process has it. */
  private static @Nullable FileChannel tryLock(Path file, StandardOpenOption... options)
      throws IOException {
    FileChannel channel = FileChannel.open(file, options);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException _) {
      // another store of this process
    }
    channel.close();
    return null;
  }

  /** Nodes that ran on this machine and are dead. */
  List<Long> dead() {
    List<Long> dead = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, prefix + "*")) {
      for (Path file : files) {
        String number = file.getFileName().toString().substring(prefix.length());
        if (!file.equals(own) && number.matches("[0-9]{1,18}") && isDead(file)) {
          dead.add(Long.valueOf(number));
        }
      }
    } catch (IOException e) {
      log.atDebug().addKeyValue("cause", e.toString()).log("no look at what ran here before");
    }
    return dead;
  }

  private static boolean isDead(Path file) {
    try (FileChannel locked = tryLock(file, StandardOpenOption.WRITE)) {
      return locked != null;
    } catch (IOException _) {
      // Whoever began at the same moment was first, and has removed it.
      return false;
    }
  }

  /** Nothing of theirs is left. */
  void forget(List<Long> dead) {
    for (long number : dead) {
      remove(file(number));
    }
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      log.atDebug().addKeyValue("cause", e.toString()).log("a file stays, to no harm");
    }
  }

  /** Leaves its file: who ends in order may have claims as well, for which there was no time. */
  @Override
  public void close() {
    if (lock == null) {
      return;
    }
    try {
      lock.close();
    } catch (IOException e) {
      log.atDebug().addKeyValue("cause", e.toString()).log("a file was not closed");
    }
  }
}
