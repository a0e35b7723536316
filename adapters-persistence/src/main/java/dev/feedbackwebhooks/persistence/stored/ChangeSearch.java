package dev.feedbackwebhooks.persistence.stored;

import com.google.common.primitives.ImmutableLongArray;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.domain.watch.Change;
import dev.feedbackwebhooks.domain.watch.ChangeCursor;
import dev.feedbackwebhooks.domain.watch.Changes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;

/** Reads on in the log of changes, from a cursor, within a transaction. */
public final class ChangeSearch {
  /** Commits that are looked at: most may be of other scopes. */
  private static final int COMMITS = 4_096;

  private static final long NOBODY = 0;

  private static final String COMMITS_FROM =
      """
      SELECT seq, time, ids FROM delivery_change WHERE seq >= :from ORDER BY seq LIMIT :limit
      """;

  private record Commit(ChangeCursor end, ImmutableLongArray ids) {}

  private final Handle handle;
  private final Scope scope;
  private final int most;

  /** In the order in which they are told. */
  private final Map<Long, ChangeCursor> found = new LinkedHashMap<>();

  private ChangeCursor reached = ChangeCursor.after(0, Instant.EPOCH);

  /** Reads those of some deliveries of a scope that somebody asks for. */
  public interface Deliveries {
    List<Delivery> read(long scopeId, Set<Long> ids);
  }

  public ChangeSearch(Handle handle, Scope scope, int most) {
    this.handle = handle;
    this.scope = scope;
    this.most = most;
  }

  /**
   * What follows a cursor.
   *
   * @throws Fault.NotNow if that is not known any more
   */
  public Changes after(ChangeCursor cursor, Deliveries deliveries) {
    long scopeId = ScopeIds.find(handle, scope).orElse(NOBODY);
    reached = cursor;
    try (ResultIterator<Commit> commits =
        handle
            .createQuery(COMMITS_FROM)
            .bind("from", cursor.commit())
            .bind("limit", COMMITS)
            .map((row, _) ->
                new Commit(
                    ChangeCursor.after(
                        row.getLong("seq"), Instant.ofEpochMilli(row.getLong("time"))),
                    ChangedIds.read(row.getBytes("ids"), scopeId)))
            .iterator()) {
      if (!commits.hasNext() || !restOf(commits.next(), cursor)) {
        throw expired();
      }
      while (found.size() < most && commits.hasNext()) {
        add(commits.next());
      }
    }
    return new Changes(changes(deliveries.read(scopeId, found.keySet())), reached);
  }

  /** The commit that the cursor stands in, if it is that. */
  private boolean restOf(Commit commit, ChangeCursor cursor) {
    if (commit.end().commit() != cursor.commit() || !commit.end().time().equals(cursor.time())) {
      return false;
    }
    LongStream rest = commit.ids().stream().filter(id -> !cursor.includes(new DeliveryId(id)));
    add(new Commit(commit.end(), ImmutableLongArray.copyOf(rest)));
    return true;
  }

  private void add(Commit commit) {
    ChangeCursor end = commit.end();
    for (long id : commit.ids().asList()) {
      if (found.size() == most) {
        return;
      }
      reached = new ChangeCursor(end.commit(), end.time(), new DeliveryId(id));
      found.putIfAbsent(id, reached);
    }
    reached = end;
  }

  private List<Change> changes(List<Delivery> read) {
    Map<Long, Delivery> deliveries = new HashMap<>();
    read.forEach(delivery -> deliveries.put(delivery.id().value(), delivery));
    List<Change> changes = new ArrayList<>();
    found.forEach((id, cursor) -> {
      Delivery delivery = deliveries.get(id);
      if (delivery != null) {
        changes.add(new Change(delivery, cursor));
      }
    });
    return changes;
  }

  private static Fault.NotNow expired() {
    return new Fault.NotNow(
        Reason.CURSOR_EXPIRED,
        "cursor",
        "what follows the cursor is not known any more: watch without one, then list the deliveries");
  }
}
