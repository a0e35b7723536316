package dev.feedbackwebhooks.domain.replay;

import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;

/**
 * The plan of a replay.
 *
 * @param text the filter as its caller wrote it
 * @param filter the same, understood, with both ends of the time of creation
 * @param perSecond most deliveries to queue within a second, 1 to {@link #MOST_PER_SECOND}
 * @param requestId names the wish within its scope; empty for none
 */
public record ReplayPlan(String text, DeliveryFilter filter, int perSecond, String requestId) {
  public static final int MOST_PER_SECOND = 10_000;

  /** Whether both ask for the same. */
  boolean asksLike(ReplayPlan other) {
    return text.equals(other.text) && perSecond == other.perSecond;
  }

  /** Says nothing of the filter, which may name a recipient. */
  @Override
  public String toString() {
    return "ReplayPlan[" + perSecond + "/s]";
  }
}
