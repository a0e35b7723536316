package dev.feedbackwebhooks.app.metrics;

import dev.feedbackwebhooks.domain.retention.RetentionListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts what retention removed. */
public final class RetentionMetrics extends StoreFailureMetrics implements RetentionListener {
  private final Counter deliveries;
  private final Counter bodies;

  public RetentionMetrics(MeterRegistry metrics) {
    super(metrics);
    this.deliveries = metrics.counter("feedback.webhooks.purged", "what", "deliveries");
    this.bodies = metrics.counter("feedback.webhooks.purged", "what", "bodies");
  }

  @Override
  public void purged(int purgedDeliveries, int purgedBodies) {
    deliveries.increment(purgedDeliveries);
    bodies.increment(purgedBodies);
  }
}
