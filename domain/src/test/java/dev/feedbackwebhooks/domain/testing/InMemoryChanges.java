package dev.feedbackwebhooks.domain.testing;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.domain.watch.Change;
import dev.feedbackwebhooks.domain.watch.ChangeCursor;
import dev.feedbackwebhooks.domain.watch.ChangePosition;
import dev.feedbackwebhooks.domain.watch.ChangeStore;
import dev.feedbackwebhooks.domain.watch.Changes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Changes of the deliveries of {@link InMemoryDeliveries}; each has a commit of its own. */
public final class InMemoryChanges implements ChangeStore {
  private static final Instant TIME = Samples.NOW;

  /** Finds a delivery, if it is as the filter says. */
  interface Finder {
    Optional<Delivery> find(Scope scope, DeliveryFilter filter, DeliveryId id);
  }

  private record Entry(Scope scope, DeliveryId id) {}

  private final List<Entry> entries = new ArrayList<>();
  private final Finder finder;

  InMemoryChanges(Finder finder) {
    this.finder = finder;
  }

  synchronized void changed(Scope scope, DeliveryId id) {
    entries.add(new Entry(scope, id));
    notifyAll();
  }

  private static ChangeCursor at(long commit) {
    return ChangeCursor.of(Map.of(ChangeCursor.ONLY_NODE, ChangePosition.after(commit, TIME)));
  }

  @Override
  public synchronized ChangeCursor newest() {
    return at(entries.size());
  }

  /** Looks for the deliveries without the lock, since they change with theirs held. */
  @Override
  public Changes after(Scope scope, DeliveryFilter filter, ChangeCursor cursor, int most) {
    Map<DeliveryId, ChangeCursor> found = new LinkedHashMap<>();
    ChangeCursor reached = gather(scope, cursor, most, found);
    List<Change> changes = new ArrayList<>();
    found.forEach((id, at) ->
        finder.find(scope, filter, id).ifPresent(it -> changes.add(new Change(it, at))));
    return new Changes(changes, reached);
  }

  private synchronized ChangeCursor gather(
      Scope scope, ChangeCursor cursor, int most, Map<DeliveryId, ChangeCursor> found) {
    ChangePosition place = cursor.place(ChangeCursor.ONLY_NODE);
    if (place == null || place.commit() > entries.size() || !place.time().equals(TIME)) {
      throw new Fault.NotNow(Reason.CURSOR_EXPIRED, "cursor", "watch without one");
    }
    ChangeCursor reached = cursor;
    for (int i = Math.toIntExact(place.commit()); i < entries.size() && found.size() < most; i++) {
      reached = at(i + 1L);
      if (entries.get(i).scope().equals(scope)) {
        found.putIfAbsent(entries.get(i).id(), reached);
      }
    }
    return reached;
  }

  @Override
  public synchronized boolean awaitAfter(ChangeCursor cursor, Duration most)
      throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    long left = most.toNanos();
    while (left > 0 && cursor.reaches(newest())) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = end - System.nanoTime();
    }
    return !cursor.reaches(newest());
  }
}
