package dev.feedbackwebhooks.domain.health;

import java.time.Duration;
import java.time.Instant;

/**
 * When an endpoint that only fails is given up, and its configuration disabled.
 *
 * @param disableAfter time without a success; zero for never
 * @param leastSpread between failures within one day, at least: what failed for an evening, and was
 *     sent nothing for days, is not given up
 */
public record HealthRules(Duration disableAfter, Duration leastSpread) {
  /**
   * The time after which an endpoint is said to fail: not more often than this, however often it
   * changes.
   */
  private static final Duration FAILING_AFTER = Duration.ofSeconds(5);

  /** A warning is given after so many failures without a success, … */
  private static final int DEGRADED_FAILURES = 10;

  /** … once this part of the time is over, … */
  private static final int DEGRADED_PART = 5;

  /** … or this time, where none is given up. */
  private static final Duration DEGRADED_AFTER = Duration.ofDays(1);

  /**
   * Whether an endpoint fails, and not an attempt: nothing was accepted between failures that are
   * some seconds apart.
   */
  boolean isFailing(EndpointHealth health) {
    return health.failures() >= 2 && !health.last().isBefore(health.since().plus(FAILING_AFTER));
  }

  /** Whether the owner of an endpoint should know. */
  public boolean isDegraded(EndpointHealth health) {
    Duration after =
        disableAfter.isPositive() ? disableAfter.dividedBy(DEGRADED_PART) : DEGRADED_AFTER;
    return health.failures() >= DEGRADED_FAILURES
        && !health.last().isBefore(health.since().plus(after));
  }

  boolean givesUp(EndpointHealth health, Instant now) {
    return disableAfter.isPositive()
        && health.spread()
        && !now.isBefore(health.since().plus(disableAfter));
  }

  /** When an endpoint that goes on failing is given up at the earliest. */
  public Instant givesUpAt(EndpointHealth health) {
    return disableAfter.isPositive() ? health.since().plus(disableAfter) : Instant.MAX;
  }
}
