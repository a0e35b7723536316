package dev.feedbackwebhooks.domain.delivery;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes ids that grow with time, see {@link DeliveryId#firstAt}. Never gives the same one twice,
 * even when the clock steps back.
 */
public final class DeliveryIds {
  private final InstantSource clock;
  private final IdSeries series;
  private final AtomicLong last;

  /**
   * @param series what it gives; larger than the newest that it names, whatever the clock says
   */
  public DeliveryIds(InstantSource clock, IdSeries series) {
    this.clock = clock;
    this.series = series;
    this.last = new AtomicLong(series.newest());
  }

  public DeliveryId next() {
    long now = DeliveryId.firstAt(clock.instant()).value();
    return new DeliveryId(last.updateAndGet(previous -> series.after(Math.max(previous, now - 1))));
  }
}
