package dev.feedbackwebhooks.persistence.stored;

import com.google.common.primitives.ImmutableLongArray;
import dev.feedbackwebhooks.domain.watch.ChangeCursor;
import dev.feedbackwebhooks.domain.watch.ChangeStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes down which deliveries each commit changes, in that commit, and forgets it after a day.
 * Used by the writer only, but for {@link #newest} and {@link #awaitAfter}.
 */
public final class ChangeLog implements Flush {
  /** Commits from one removal of old rows to the next, and rows that it removes: twice as many. */
  private static final int TRIM_EVERY = 32;

  /** A clock that was further ahead was wrong: what it wrote would be kept until its time comes. */
  private static final Duration AHEAD = Duration.ofHours(1);

  private static final String INSERT =
      "INSERT INTO delivery_change (seq, time, ids) VALUES (?, ?, ?)";
  private static final String TRIM =
      """
      DELETE FROM delivery_change WHERE seq IN
        (SELECT seq FROM (SELECT seq, time FROM delivery_change WHERE seq < ? ORDER BY seq LIMIT ?)
         AS oldest WHERE time < ? OR time > ?)
      """;
  private static final String NEWEST =
      "SELECT seq, time FROM delivery_change ORDER BY seq DESC LIMIT 1";

  private final Statements statements;
  private final Map<Long, ImmutableLongArray.Builder> changed = new HashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition newer = lock.newCondition();
  private Instant changedAt = Instant.EPOCH;
  private ChangeCursor written;
  private volatile ChangeCursor newest;

  /** Whether the database may have more than is known here: a commit that failed may have stood. */
  private boolean doubtful;

  private ChangeLog(Statements statements, ChangeCursor newest) {
    this.statements = statements;
    this.written = newest;
    this.newest = newest;
  }

  public static ChangeLog open(Connection connection, Statements statements) throws SQLException {
    return new ChangeLog(statements, read(connection));
  }

  private static ChangeCursor read(Connection connection) throws SQLException {
    try (var select = connection.prepareStatement(NEWEST);
        ResultSet row = select.executeQuery()) {
      if (!row.next()) {
        throw new StoreException("the log of changes has no end", null);
      }
      return ChangeCursor.after(row.getLong("seq"), Instant.ofEpochMilli(row.getLong("time")));
    }
  }

  /** A delivery changes in this transaction. */
  public void changed(long scopeId, long delivery, Instant at) {
    changed.computeIfAbsent(scopeId, _ -> ImmutableLongArray.builder()).add(delivery);
    changedAt = at;
  }

  @Override
  public void flush(Connection connection) throws SQLException {
    if (changed.isEmpty()) {
      return;
    }
    if (doubtful) {
      written = read(connection);
      doubtful = false;
    }
    Instant last = written.time();
    boolean wasAhead = last.isAfter(changedAt.plus(AHEAD));
    Instant time = Instant.ofEpochMilli(Millis.of(wasAhead ? changedAt : later(changedAt, last)));
    written = ChangeCursor.after(written.commit() + 1, time);
    statements
        .of(connection, INSERT, written.commit(), time.toEpochMilli(), ChangedIds.write(changed))
        .executeUpdate();
    changed.clear();
    if (written.commit() % TRIM_EVERY == 0) {
      long before = time.minus(ChangeStore.KEPT).toEpochMilli();
      long ahead = time.plus(AHEAD).toEpochMilli();
      statements
          .of(connection, TRIM, written.commit(), 2 * TRIM_EVERY, before, ahead)
          .executeUpdate();
    }
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  public void committed() {
    if (written.equals(newest)) {
      return;
    }
    newest = written;
    lock.lock();
    try {
      newer.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what was not written: its transaction is undone. */
  public void rolledBack() {
    changed.clear();
    written = newest;
    doubtful = true;
  }

  /** After the last commit. */
  public ChangeCursor newest() {
    return newest;
  }

  public void awaitAfter(ChangeCursor cursor, Duration most) throws InterruptedException {
    long left = most.toNanos();
    lock.lock();
    try {
      while (left > 0 && newest.commit() == cursor.commit()) {
        left = newer.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
