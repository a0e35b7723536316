package dev.feedbackwebhooks.domain.event;

import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.fault.Violation;
import java.util.List;

/** The outcome of one event at intake: the answer that its sender gets, exactly once. */
public sealed interface IntakeOutcome {
  /** On disk, and will be delivered. */
  record Accepted(DeliveryId delivery) implements IntakeOutcome {}

  /** An event of this id was accepted before, as this delivery; the first one stands. */
  record Duplicate(DeliveryId delivery) implements IntakeOutcome {}

  /** Well formed, but not to be delivered; not stored. */
  record Skipped(SkipReason reason) implements IntakeOutcome {}

  /** Breaks a rule; not stored. */
  record Rejected(List<Violation> violations) implements IntakeOutcome {
    public Rejected {
      violations = List.copyOf(violations);
    }
  }
}
