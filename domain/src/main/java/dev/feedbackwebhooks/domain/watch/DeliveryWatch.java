package dev.feedbackwebhooks.domain.watch;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.fault.Fault;
import java.time.Duration;
import java.util.List;

/** One who watches a sandbox's deliveries. Must be closed. */
public final class DeliveryWatch implements AutoCloseable {
  private static final int MOST_AT_ONCE = 256;

  private final ChangeStore store;
  private final Scope scope;
  private final DeliveryFilter filter;
  private final ChangeCursor begin;
  private final Runnable onClose;

  DeliveryWatch(
      ChangeStore store, Scope scope, DeliveryFilter filter, ChangeCursor begin, Runnable onClose) {
    this.store = store;
    this.scope = scope;
    this.filter = filter;
    this.begin = begin;
    this.onClose = onClose;
  }

  /** The cursor that it begins at. */
  public ChangeCursor begin() {
    return begin;
  }

  /**
   * The changes behind a cursor, some of them at least; empty if nothing did for {@code most}.
   *
   * @throws Fault.NotNow ({@code CURSOR_EXPIRED}) if it is too old by now
   * @throws InterruptedException if its thread is
   */
  public Changes after(ChangeCursor cursor, Duration most) throws InterruptedException {
    return store.awaitAfter(cursor, most)
        ? store.after(scope, filter, cursor, MOST_AT_ONCE)
        : new Changes(List.of(), cursor);
  }

  @Override
  public void close() {
    onClose.run();
  }
}
