package dev.feedbackwebhooks.persistence.stored;

import com.google.common.primitives.ImmutableLongArray;
import dev.feedbackwebhooks.domain.watch.ChangeCursor;
import dev.feedbackwebhooks.domain.watch.ChangePosition;
import dev.feedbackwebhooks.domain.watch.ChangeStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes down which deliveries each commit of this node changes, in that commit, and forgets it
 * after a day. Used by the writer only, but for {@link #awaitAfter}.
 */
public final class ChangeLog implements Flush {
  /** Commits from one removal of old rows to the next, and rows that it removes: twice as many. */
  private static final int TRIM_EVERY = 32;

  /** A clock that was further ahead was wrong: what it wrote would be kept until its time comes. */
  private static final Duration AHEAD = Duration.ofHours(1);

  private final Statements statements;
  private final ChangeSql sql;
  private final long node;
  private final ChangeTrim others;
  private final ChangeBell bell;
  private final Map<Long, ImmutableLongArray.Builder> changed = new HashMap<>();
  private Instant changedAt = Instant.EPOCH;
  private ChangePosition written;
  private ChangePosition newest;

  /** Whether the database may have more than is known here: a commit that failed may have stood. */
  private boolean doubtful;

  private ChangeLog(
      Statements statements, ChangeSql sql, long node, ChangeTrim others, ChangePosition newest) {
    this.statements = statements;
    this.sql = sql;
    this.node = node;
    this.others = others;
    this.written = newest;
    this.newest = newest;
    this.bell = new ChangeBell(node, newest.commit());
  }

  /**
   * @param node whose log it is; nobody else writes it at the same time
   */
  public static ChangeLog open(
      Connection connection, Statements statements, ChangeSql sql, long node, ChangeTrim others)
      throws SQLException {
    ChangePosition newest = read(connection, sql, node, ChangePosition.after(0, Instant.EPOCH));
    return new ChangeLog(statements, sql, node, others, newest);
  }

  /** The log's end in the database, or the one that is known if that is further. */
  private static ChangePosition read(
      Connection connection, ChangeSql sql, long node, ChangePosition known) throws SQLException {
    try (var select = connection.prepareStatement(sql.newest())) {
      select.setLong(1, node);
      try (ResultSet row = select.executeQuery()) {
        return row.next() && row.getLong("seq") >= known.commit()
            ? ChangePosition.after(row.getLong("seq"), Instant.ofEpochMilli(row.getLong("time")))
            : known;
      }
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
      written = read(connection, sql, node, written);
      doubtful = false;
    }
    Instant last = written.time();
    boolean wasAhead = last.isAfter(changedAt.plus(AHEAD));
    Instant time = Instant.ofEpochMilli(Millis.of(wasAhead ? changedAt : later(changedAt, last)));
    written = ChangePosition.after(written.commit() + 1, time);
    byte[] ids = ChangedIds.write(changed);
    statements
        .of(connection, sql.insert(), node, written.commit(), time.toEpochMilli(), ids)
        .executeUpdate();
    changed.clear();
    if (written.commit() % TRIM_EVERY == 0) {
      trim(connection);
    }
  }

  private void trim(Connection connection) throws SQLException {
    long before = written.time().minus(ChangeStore.KEPT).toEpochMilli();
    long ahead = written.time().plus(AHEAD).toEpochMilli();
    statements
        .of(connection, sql.trim(), node, written.commit(), 2 * TRIM_EVERY, before, ahead)
        .executeUpdate();
    others.trim(connection);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  public void committed() {
    if (!written.equals(newest)) {
      newest = written;
      bell.ring(newest.commit());
    }
  }

  /** Forgets what was not written: its transaction is undone. */
  public void rolledBack() {
    changed.clear();
    written = newest;
    doubtful = true;
  }

  /**
   * Waits for what is behind a cursor, on any thread.
   *
   * @param all asks how far all nodes are; null if there is only one
   * @return whether there is something
   */
  public boolean awaitAfter(
      ChangeCursor cursor, Duration most, @Nullable Supplier<ChangeCursor> all)
      throws InterruptedException {
    return bell.await(cursor, most, all);
  }
}
