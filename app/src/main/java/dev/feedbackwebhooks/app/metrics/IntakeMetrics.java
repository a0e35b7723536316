package dev.feedbackwebhooks.app.metrics;

import dev.feedbackwebhooks.domain.event.IntakeListener;
import dev.feedbackwebhooks.domain.event.IntakeOutcome;
import dev.feedbackwebhooks.domain.event.SkipReason;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/** Counts events by their outcome: skipped and rejected ones are stored nowhere else. */
public final class IntakeMetrics implements IntakeListener {
  private final ByOrganization<EventCounters> events;

  /**
   * @param organizations whether each organization is counted by itself
   */
  public IntakeMetrics(MeterRegistry metrics, boolean organizations) {
    events = new ByOrganization<>(organizations, tags -> new EventCounters(metrics, tags));
  }

  @Override
  public void decided(@Nullable String organization, IntakeOutcome outcome) {
    EventCounters counters =
        hasConfig(outcome) ? events.of(organization) : events.ofKnown(organization);
    counters.count(outcome);
  }

  /** A name that a caller made up must not take the place of a customer's. */
  private static boolean hasConfig(IntakeOutcome outcome) {
    return switch (outcome) {
      case IntakeOutcome.Accepted _, IntakeOutcome.Duplicate _ -> true;
      case IntakeOutcome.Skipped(var reason) -> reason != SkipReason.NO_CONFIG;
      case IntakeOutcome.Rejected _ -> false;
    };
  }
}
