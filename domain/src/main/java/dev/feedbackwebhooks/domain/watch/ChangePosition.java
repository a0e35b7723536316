package dev.feedbackwebhooks.domain.watch;

import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A position in the changes that one node wrote.
 *
 * @param commit number of its commit that they stood in
 * @param time of that commit, to the millisecond: tells it from one that has its number in another
 *     database, as in one that was restored
 * @param last the last one that was told of that commit; null for all of it
 */
public record ChangePosition(long commit, Instant time, @Nullable DeliveryId last) {
  /** At the end of a commit. */
  public static ChangePosition after(long commit, Instant time) {
    return new ChangePosition(commit, time, null);
  }

  /** Whether a change of this place's commit was told. */
  public boolean includes(DeliveryId id) {
    return last == null || id.compareTo(last) <= 0;
  }

  /** Whether all of its commit was told. */
  public boolean isEnd() {
    return last == null;
  }
}
