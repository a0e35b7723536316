package dev.feedbackwebhooks.domain.watch;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Lets deliveries be watched, by a bounded number: each reads every commit. */
public final class DeliveryWatches {
  /** Watches of one sandbox at once. */
  public static final int MOST_OF_SCOPE = 8;

  /** Watches of all sandboxes at once. */
  public static final int MOST = 256;

  private final ChangeStore store;
  private final ConcurrentMap<Scope, Integer> open = new ConcurrentHashMap<>();
  private final AtomicInteger all = new AtomicInteger();

  public DeliveryWatches(ChangeStore store) {
    this.store = store;
  }

  /**
   * Begins to watch.
   *
   * @param filter what a delivery must be when it is told
   * @param cursor behind which to begin; null for now
   * @throws Fault.NotNow ({@code TOO_MANY_WATCHES}) if there are as many as there may be, ({@code
   *     CURSOR_EXPIRED}) if what follows the cursor is not known
   */
  public DeliveryWatch open(Scope scope, DeliveryFilter filter, @Nullable ChangeCursor cursor) {
    enter(scope);
    try {
      ChangeCursor begin = cursor == null ? store.newest() : cursor;
      var _ = store.after(scope, filter, begin, 1);
      return new DeliveryWatch(store, scope, filter, begin, () -> leave(scope));
    } catch (RuntimeException e) {
      leave(scope);
      throw e;
    }
  }

  private void enter(Scope scope) {
    if (all.incrementAndGet() > MOST) {
      all.decrementAndGet();
      throw tooMany(scope, "the server", MOST);
    }
    if (open.merge(scope, 1, Integer::sum) > MOST_OF_SCOPE) {
      leave(scope);
      throw tooMany(scope, scope.name(), MOST_OF_SCOPE);
    }
  }

  private void leave(Scope scope) {
    open.computeIfPresent(scope, (_, count) -> count == 1 ? null : count - 1);
    all.decrementAndGet();
  }

  private static Fault tooMany(Scope scope, String where, int most) {
    return new Fault.NotNow(
        Reason.TOO_MANY_WATCHES,
        scope.name(),
        where + " has " + most + " watches open: end one, or list the deliveries instead");
  }
}
