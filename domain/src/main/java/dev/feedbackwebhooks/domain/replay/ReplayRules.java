package dev.feedbackwebhooks.domain.replay;

import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.domain.fault.Violations;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The rules of a replay's plan. */
final class ReplayRules {
  private ReplayRules() {}

  /**
   * The plan, with an end that lies in the future brought back to {@code now}: what comes later is
   * not meant.
   *
   * @throws Fault.InvalidFields unless both ends of the time of creation are there, in their order,
   *     the state is one that is over, no recipient is named, and the numbers are within their
   *     bounds
   */
  static ReplayPlan checked(ReplayPlan plan, Instant now) {
    DeliveryFilter filter = plan.filter();
    Instant from = filter.createdFrom();
    Instant before = filter.createdBefore();
    if (from == null || before == null) {
      throw refusal(
          "lacks a range of time: give create_time >= \"…\" AND create_time < \"…\", both of them");
    }
    Instant end = before.isAfter(now) ? now : before;
    if (!from.isBefore(end)) {
      throw refusal("has a range of create_time that ends before it begins, or is in the future");
    }
    requireOver(filter.state());
    if (filter.recipient() != null) {
      throw refusal(
          "names a recipient, whose address would be kept with the operation for longer than with"
              + " deliveries: give request_id or execution_id");
    }
    requireBounds(plan);
    return new ReplayPlan(plan.text(), filter.until(end), plan.perSecond(), plan.requestId());
  }

  private static void requireOver(@Nullable DeliveryState state) {
    if (state == null) {
      return;
    }
    boolean over =
        switch (state) {
          case DELIVERED, EXHAUSTED, REFUSED, CANCELLED -> true;
          case WAITING, CLAIMED, HELD -> false;
        };
    if (!over) {
      throw refusal(
          "has a state that will be sent without a replay: give DELIVERED, EXHAUSTED, REFUSED or"
              + " CANCELLED, or none");
    }
  }

  private static void requireBounds(ReplayPlan plan) {
    Violations violations = new Violations();
    var _ =
        violations.require(
            plan.perSecond() >= 1 && plan.perSecond() <= ReplayPlan.MOST_PER_SECOND,
            "max_per_second",
            "is "
                + plan.perSecond()
                + ": give 1 to "
                + ReplayPlan.MOST_PER_SECOND
                + ", or 0 for 100");
    var _ = violations.length("request_id", plan.requestId(), 0, 128);
    violations.refuseIfAny();
  }

  private static Fault.InvalidFields refusal(String description) {
    return Fault.InvalidFields.of(Reason.INVALID_FILTER, "filter", description);
  }
}
