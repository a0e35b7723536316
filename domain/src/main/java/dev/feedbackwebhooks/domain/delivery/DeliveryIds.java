package dev.feedbackwebhooks.domain.delivery;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes ids that grow with time, see {@link DeliveryId#firstAt}. Never gives the same one twice,
 * even when the clock steps back.
 */
public final class DeliveryIds {
  private final InstantSource clock;
  private final AtomicLong last;

  /**
   * @param newest the newest id in the store, or 0: the next one is larger, whatever the clock says
   */
  public DeliveryIds(InstantSource clock, long newest) {
    this.clock = clock;
    this.last = new AtomicLong(newest);
  }

  public DeliveryId next() {
    long now = DeliveryId.firstAt(clock.instant()).value();
    return new DeliveryId(last.updateAndGet(previous -> Math.max(previous + 1, now)));
  }
}
