package dev.feedbackwebhooks.app.metrics;

import dev.feedbackwebhooks.domain.engine.EngineLoad;
import dev.feedbackwebhooks.domain.engine.EngineLoad.LaneKind;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.Map;

/** The load of the engine, as of the last second. */
final class EngineMetrics {
  private volatile EngineLoad load = new EngineLoad(Map.of(), 0, 0, 0, 0);

  EngineMetrics(MeterRegistry metrics) {
    for (LaneKind kind : LaneKind.values()) {
      Gauge.builder(
              "feedback.webhooks.lanes", this, each -> each.load.lanes().getOrDefault(kind, 0))
          .tag("state", kind.name().toLowerCase(Locale.ROOT))
          .register(metrics);
    }
    metrics.gauge("feedback.webhooks.attempts.in.flight", this, each -> each.load.inFlight());
    metrics.gauge("feedback.webhooks.queued.deliveries", this, each -> each.load.queued());
    metrics.gauge("feedback.webhooks.delivery.memory.bytes", this, each -> each.load.memoryBytes());
    metrics.gauge("feedback.webhooks.unsettled", this, each -> each.load.unsettled());
  }

  void load(EngineLoad now) {
    load = now;
  }
}
