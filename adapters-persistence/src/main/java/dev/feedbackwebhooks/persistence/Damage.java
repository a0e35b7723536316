package dev.feedbackwebhooks.persistence;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Whether the database was found damaged: its pages do not fit together. Nothing mends that while
 * the process runs, and what is written on top may do harm, so nothing more is written. Any thread
 * may find it.
 */
final class Damage {
  private static final Logger log = LoggerFactory.getLogger(Damage.class);

  /** SQLite's extended codes have the plain one in their lowest byte. */
  private static final int PLAIN = 0xff;

  private final Path database;
  private final AtomicBoolean heard = new AtomicBoolean();
  private final CompletableFuture<String> found = new CompletableFuture<>();

  Damage(Path database) {
    this.database = database;
  }

  /** Whether this failure says so. */
  static boolean isTold(@Nullable Throwable failure) {
    if (!(failure instanceof SQLiteException e)) {
      return false;
    }
    int code = e.getResultCode().code & PLAIN;
    return code == SQLiteErrorCode.SQLITE_CORRUPT.code
        || code == SQLiteErrorCode.SQLITE_NOTADB.code;
  }

  /** Takes note of a failure, if it is of that kind. */
  void hear(SQLException failure) {
    if (isTold(failure)) {
      find(String.valueOf(failure.getMessage()));
    }
  }

  void find(String what) {
    String advice = advice(database, what);
    if (heard.compareAndSet(false, true)) {
      log.atError().addKeyValue("cause", advice).log("nothing more is stored");
      found.complete(advice);
    }
  }

  boolean isFound() {
    return found.isDone();
  }

  /** Completes once it is found, with what it is and what to do, in one line. */
  CompletionStage<String> found() {
    return found.minimalCompletionStage();
  }

  static String advice(Path database, String what) {
    return "the database "
        + database
        + " is damaged ("
        + what.replace('\n', ' ')
        + "): stop the server and restore a backup, or save what can be read by"
        + " sqlite3 DAMAGED .recover | sqlite3 SAVED";
  }
}
