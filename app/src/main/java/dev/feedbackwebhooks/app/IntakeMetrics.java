package dev.feedbackwebhooks.app;

import dev.feedbackwebhooks.domain.event.IntakeListener;
import dev.feedbackwebhooks.domain.event.IntakeOutcome;
import dev.feedbackwebhooks.domain.event.SkipReason;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Counts events by their outcome: skipped and rejected ones are stored nowhere else. */
final class IntakeMetrics implements IntakeListener {
  private final Counter accepted;
  private final Counter duplicate;
  private final Counter rejected;
  private final Map<SkipReason, Counter> skipped = new EnumMap<>(SkipReason.class);

  IntakeMetrics(MeterRegistry metrics) {
    accepted = counter(metrics, "accepted", "");
    duplicate = counter(metrics, "duplicate", "");
    rejected = counter(metrics, "rejected", "");
    for (SkipReason reason : SkipReason.values()) {
      skipped.put(reason, counter(metrics, "skipped", reason.name().toLowerCase(Locale.ROOT)));
    }
  }

  @Override
  public void decided(IntakeOutcome outcome) {
    Counter counter =
        switch (outcome) {
          case IntakeOutcome.Accepted _ -> accepted;
          case IntakeOutcome.Duplicate _ -> duplicate;
          case IntakeOutcome.Rejected _ -> rejected;
          case IntakeOutcome.Skipped(var reason) -> skipped.getOrDefault(reason, rejected);
        };
    counter.increment();
  }

  private static Counter counter(MeterRegistry metrics, String outcome, String reason) {
    return metrics.counter("feedback.webhooks.events", "outcome", outcome, "reason", reason);
  }
}
