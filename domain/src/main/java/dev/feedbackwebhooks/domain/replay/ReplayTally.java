package dev.feedbackwebhooks.domain.replay;

import java.util.EnumMap;
import java.util.Map;

/**
 * The progress of a replay, in deliveries.
 *
 * @param matched by its filter, when it began
 * @param replayed queued to be sent again
 * @param skips passed over, by the reason why
 */
public record ReplayTally(long matched, long replayed, Map<ReplaySkip, Long> skips) {
  public ReplayTally {
    skips = Map.copyOf(skips);
  }

  /** Before the first step. */
  public static ReplayTally of(long matched) {
    return new ReplayTally(matched, 0, Map.of());
  }

  /** The same after a step. */
  public ReplayTally plus(long moreReplayed, Map<ReplaySkip, Long> moreSkips) {
    Map<ReplaySkip, Long> all = new EnumMap<>(ReplaySkip.class);
    all.putAll(skips);
    moreSkips.forEach((reason, count) -> all.merge(reason, count, Long::sum));
    return new ReplayTally(matched, replayed + moreReplayed, all);
  }

  /** Passed over, for whatever reason. */
  public long skipped() {
    return skips.values().stream().mapToLong(Long::longValue).sum();
  }
}
