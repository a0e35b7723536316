package dev.feedbackwebhooks.domain.delivery;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes ids that grow with time: milliseconds since 1970 in the upper bits, a counter in the lower
 * {@value #COUNTER_BITS}. Never gives the same one twice, even when the clock steps back.
 */
public final class DeliveryIds {
  private static final int COUNTER_BITS = 21;

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
    long now = clock.millis() << COUNTER_BITS;
    return new DeliveryId(last.updateAndGet(previous -> Math.max(previous + 1, now)));
  }
}
