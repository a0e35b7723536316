package dev.feedbackwebhooks.persistence.stored;

import com.google.common.primitives.ImmutableLongArray;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.watch.ChangePosition;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;
import org.jspecify.annotations.Nullable;

/** Reads on in the log of one node, within a transaction. */
final class LogReader implements AutoCloseable {
  /** Rows that are fetched at once, of those that may be read. */
  private static final int FETCHED = 64;

  /**
   * A commit, or what is left of it to tell.
   *
   * @param ids those of one scope, ascending
   */
  record Commit(ChangePosition end, ImmutableLongArray ids) {}

  private final long node;
  private final ResultIterator<Commit> commits;
  private @Nullable Commit next;

  private LogReader(long node, ResultIterator<Commit> commits) {
    this.node = node;
    this.commits = commits;
    this.next = commits.hasNext() ? commits.next() : null;
  }

  /**
   * @param from the first commit to read, if it is still there
   */
  static LogReader open(
      Handle handle, ChangeSql sql, long scopeId, long node, long from, int limit) {
    return new LogReader(
        node,
        handle
            .createQuery(sql.commits())
            .bind("node", node)
            .bind("from", from)
            .bind("limit", limit)
            .setFetchSize(FETCHED)
            .map((row, _) ->
                new Commit(
                    ChangePosition.after(
                        row.getLong("seq"), Instant.ofEpochMilli(row.getLong("time"))),
                    ChangedIds.read(row.getBytes("ids"), scopeId)))
            .iterator());
  }

  long node() {
    return node;
  }

  /** What {@link #take} takes; empty at the end. */
  Optional<Commit> next() {
    return Optional.ofNullable(next);
  }

  void take() {
    next = commits.hasNext() ? commits.next() : null;
  }

  /**
   * Passes over what was told.
   *
   * @param place where it was opened; null for the log's beginning
   * @return whether all that follows it is still there
   */
  boolean goTo(@Nullable ChangePosition place) {
    Commit first = next;
    if (first == null) {
      return false;
    }
    if (place == null) {
      return first.end().commit() <= 1;
    }
    if (first.end().commit() == place.commit()) {
      next = new Commit(first.end(), rest(first.ids(), place));
      return first.end().time().equals(place.time());
    }
    return first.end().commit() == place.commit() + 1 && place.isEnd();
  }

  private static ImmutableLongArray rest(ImmutableLongArray ids, ChangePosition place) {
    return ImmutableLongArray.copyOf(
        ids.stream().filter(id -> !place.includes(new DeliveryId(id))));
  }

  @Override
  public void close() {
    commits.close();
  }
}
