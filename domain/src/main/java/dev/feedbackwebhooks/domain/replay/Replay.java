package dev.feedbackwebhooks.domain.replay;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A replay as it stands on disk.
 *
 * @param cursor the last delivery that it looked at; null before the first one
 * @param updateTime when it last got on
 * @param endTime null while it runs
 */
public record Replay(
    ReplayId id,
    Scope scope,
    ReplayPlan plan,
    ReplayState state,
    ReplayTally tally,
    @Nullable DeliveryId cursor,
    Instant createTime,
    Instant updateTime,
    @Nullable Instant endTime) {
  public String name() {
    return name(scope, id);
  }

  public static String name(Scope scope, ReplayId id) {
    return scope.name() + "/operations/" + id.text();
  }

  public boolean over() {
    return state != ReplayState.RUNNING;
  }

  /** The same, ended. */
  public Replay ended(ReplayState as, Instant now) {
    return new Replay(id, scope, plan, as, tally, cursor, createTime, now, now);
  }

  /**
   * The same, a step further.
   *
   * @param last null if the step found the end
   */
  public Replay advanced(ReplayTally next, @Nullable DeliveryId last, Instant now) {
    Replay further =
        new Replay(
            id, scope, plan, state, next, last == null ? cursor : last, createTime, now, endTime);
    return last == null ? further.ended(ReplayState.SUCCEEDED, now) : further;
  }
}
