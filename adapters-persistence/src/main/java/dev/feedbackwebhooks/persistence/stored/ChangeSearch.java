package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.domain.watch.Change;
import dev.feedbackwebhooks.domain.watch.ChangeCursor;
import dev.feedbackwebhooks.domain.watch.ChangePosition;
import dev.feedbackwebhooks.domain.watch.Changes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Reads on in the logs of changes, from a cursor, within a transaction. A log has its commits in
 * their order, so what is behind a place in it cannot come before that later on.
 */
public final class ChangeSearch {
  /** Commits that are looked at: most may be of other scopes. */
  private static final int COMMITS = 4_096;

  private static final long NOBODY = 0;

  /** So that no log is left behind while another one grows; see {@link LogReader#next}. */
  private static final Comparator<LogReader> OLDEST_FIRST =
      Comparator.comparing(
              (LogReader log) -> log.next().map(commit -> commit.end().time()).orElse(Instant.MAX))
          .thenComparingLong(LogReader::node);

  private final Handle handle;
  private final ChangeSql sql;
  private final Scope scope;
  private final int most;

  /** How far each log is told. */
  private final Map<Long, ChangePosition> reached = new HashMap<>();

  /** In the order in which they are told. */
  private final Map<Long, ChangeCursor> found = new LinkedHashMap<>();

  /** Reads those of some deliveries of a scope that somebody asks for. */
  public interface Deliveries {
    List<Delivery> read(long scopeId, Set<Long> ids);
  }

  public ChangeSearch(Handle handle, ChangeSql sql, Scope scope, int most) {
    this.handle = handle;
    this.sql = sql;
    this.scope = scope;
    this.most = most;
  }

  /** After all that has changed. */
  public static ChangeCursor newest(Handle handle, ChangeSql sql) {
    return NodeLog.newest(NodeLog.all(handle, sql));
  }

  /**
   * What follows a cursor.
   *
   * @throws Fault.NotNow if that is not known any more
   */
  public Changes after(ChangeCursor cursor, Deliveries deliveries) {
    long scopeId = ScopeIds.find(handle, scope).orElse(NOBODY);
    List<NodeLog> logs = NodeLog.all(handle, sql);
    List<LogReader> readers = new ArrayList<>();
    try {
      for (NodeLog log : logs) {
        open(log, cursor, scopeId, readers);
      }
      PriorityQueue<LogReader> merged = new PriorityQueue<>(OLDEST_FIRST);
      merged.addAll(readers);
      read(merged);
    } finally {
      readers.forEach(LogReader::close);
    }
    List<Delivery> read = found.isEmpty() ? List.of() : deliveries.read(scopeId, found.keySet());
    return new Changes(changes(read), ChangeCursor.of(reached));
  }

  private void open(NodeLog log, ChangeCursor cursor, long scopeId, List<LogReader> readers) {
    ChangePosition place = cursor.place(log.node());
    if (cursor.places().isEmpty() || cursor.time().isBefore(log.keptFrom())) {
      throw expired();
    }
    if (place != null) {
      reached.put(log.node(), place);
    }
    if (!log.end().equals(place)) {
      long from = place == null ? 0 : place.commit();
      LogReader reader = LogReader.open(handle, sql, scopeId, log.node(), from, COMMITS);
      readers.add(reader);
      if (!reader.goTo(place)) {
        throw expired();
      }
    }
  }

  private void read(PriorityQueue<LogReader> logs) {
    for (int looked = 0; looked < COMMITS && found.size() < most; looked++) {
      LogReader log = logs.poll();
      if (log == null) {
        return;
      }
      log.next()
          .ifPresent(commit -> {
            add(log.node(), commit);
            log.take();
            logs.add(log);
          });
    }
  }

  private void add(long node, LogReader.Commit commit) {
    ChangePosition end = commit.end();
    for (long id : commit.ids().asList()) {
      if (found.size() == most) {
        return;
      }
      reached.put(node, new ChangePosition(end.commit(), end.time(), new DeliveryId(id)));
      if (!found.containsKey(id)) {
        found.put(id, ChangeCursor.of(reached));
      }
    }
    reached.put(node, end);
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
