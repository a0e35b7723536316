package dev.feedbackwebhooks.app.metrics;

import dev.feedbackwebhooks.domain.event.IntakeOutcome;
import dev.feedbackwebhooks.domain.event.SkipReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Events by their outcome. */
final class EventCounters {
  private final Counter accepted;
  private final Counter duplicate;
  private final Counter rejected;
  private final Map<SkipReason, Counter> skipped = new EnumMap<>(SkipReason.class);

  EventCounters(MeterRegistry metrics, Tags tags) {
    accepted = counter(metrics, tags, "accepted", "");
    duplicate = counter(metrics, tags, "duplicate", "");
    rejected = counter(metrics, tags, "rejected", "");
    for (SkipReason reason : SkipReason.values()) {
      skipped.put(
          reason, counter(metrics, tags, "skipped", reason.name().toLowerCase(Locale.ROOT)));
    }
  }

  void count(IntakeOutcome outcome) {
    Counter counter =
        switch (outcome) {
          case IntakeOutcome.Accepted _ -> accepted;
          case IntakeOutcome.Duplicate _ -> duplicate;
          case IntakeOutcome.Rejected _ -> rejected;
          case IntakeOutcome.Skipped(var reason) -> skipped.getOrDefault(reason, rejected);
        };
    counter.increment();
  }

  private static Counter counter(MeterRegistry metrics, Tags tags, String outcome, String reason) {
    return metrics.counter(
        "feedback.webhooks.events", tags.and("outcome", outcome, "reason", reason));
  }
}
