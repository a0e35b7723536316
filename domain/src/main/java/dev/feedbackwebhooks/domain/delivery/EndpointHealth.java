package dev.feedbackwebhooks.domain.delivery;

import dev.feedbackwebhooks.domain.config.WebhookConfig;
import java.time.Duration;
import java.time.Instant;

/**
 * How an endpoint has failed since it last accepted anything. An endpoint that accepts has none.
 *
 * @param endpoint tells configuration and URL from others: {@link #keyOf}
 * @param since when the first attempt failed
 * @param windowStart when the first of those failures failed that lie within a day of each other
 * @param last when the last attempt failed
 * @param failures attempts that failed
 * @param spread whether failures within a day were far enough apart: an outage, not an incident
 */
public record EndpointHealth(
    long endpoint,
    Instant since,
    Instant windowStart,
    Instant last,
    long failures,
    boolean spread) {
  private static final Duration WINDOW = Duration.ofHours(24);

  /** Longer than the longest pause of the usual schedule. */
  private static final Duration FORGOTTEN = Duration.ofDays(2);

  /** A number for a configuration together with its URL: who moves begins anew. */
  static long keyOf(WebhookConfig config) {
    return 31 * config.id() + config.url().text().hashCode();
  }

  /**
   * Whether it goes on. What was not tried for days, because its configuration was disabled for
   * one, begins anew.
   */
  boolean isOf(WebhookConfig config, Instant now) {
    return endpoint == keyOf(config) && now.isBefore(last.plus(FORGOTTEN));
  }

  /** The first attempt that failed. */
  static EndpointHealth failedFirst(long endpoint, Instant now) {
    return new EndpointHealth(endpoint, now, now, now, 1, false);
  }

  /** One more. */
  EndpointHealth failedAgain(Instant now, HealthRules rules) {
    Instant start = now.isAfter(windowStart.plus(WINDOW)) ? now : windowStart;
    return new EndpointHealth(
        endpoint,
        since,
        start,
        now,
        failures + 1,
        spread || !now.isBefore(start.plus(rules.leastSpread())));
  }
}
