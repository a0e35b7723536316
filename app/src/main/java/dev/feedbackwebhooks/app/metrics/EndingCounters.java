package dev.feedbackwebhooks.app.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/** Deliveries by how they ended. */
record EndingCounters(Counter delivered, Counter exhausted, Counter refused, Counter cancelled) {
  static EndingCounters of(MeterRegistry metrics, Tags tags) {
    return new EndingCounters(
        counter(metrics, tags, "delivered"),
        counter(metrics, tags, "exhausted"),
        counter(metrics, tags, "refused"),
        counter(metrics, tags, "cancelled"));
  }

  private static Counter counter(MeterRegistry metrics, Tags tags, String ending) {
    return metrics.counter("feedback.webhooks.deliveries", tags.and("ending", ending));
  }
}
