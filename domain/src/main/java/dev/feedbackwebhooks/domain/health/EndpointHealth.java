package dev.feedbackwebhooks.domain.health;

import dev.feedbackwebhooks.domain.config.WebhookConfig;
import java.time.Duration;
import java.time.Instant;

/**
 * The failures of an endpoint since it last accepted anything. An endpoint that accepts has none.
 *
 * @param endpoint tells configuration and URL from others: {@link #keyOf}
 * @param since when the first attempt failed
 * @param windowStart when the first of those failures failed that lie within a day of each other
 * @param last when the last attempt failed
 * @param failures attempts that failed
 * @param spread whether failures within a day were far enough apart: an outage, not an incident
 * @param lastFailure what the last attempt failed by, in one line
 */
public record EndpointHealth(
    long endpoint,
    Instant since,
    Instant windowStart,
    Instant last,
    long failures,
    boolean spread,
    String lastFailure) {
  /** Failures that are to be spread lie within one of these. */
  public static final Duration WINDOW = Duration.ofHours(24);

  /**
   * The time without an attempt after which the count begins anew: longer than the longest pause of
   * the usual schedule.
   */
  public static final Duration FORGOTTEN = Duration.ofDays(2);

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

  /** Whether this and the other are of one outage, which nothing that was accepted interrupted. */
  public boolean isSame(EndpointHealth other) {
    return endpoint == other.endpoint && since.equals(other.since);
  }

  /** Whether what begins elsewhere belongs to this. */
  public boolean isJoinedBy(EndpointHealth first) {
    return endpoint == first.endpoint && first.last.isBefore(last.plus(FORGOTTEN));
  }

  /** This, with what was seen fail elsewhere, or later. */
  public EndpointHealth joined(EndpointHealth more) {
    return new EndpointHealth(
        endpoint,
        since,
        more.windowStart.isAfter(windowStart.plus(WINDOW)) ? more.windowStart : windowStart,
        more.last.isAfter(last) ? more.last : last,
        failures + more.failures,
        spread || more.spread,
        more.last.isAfter(last) ? more.lastFailure : lastFailure);
  }

  /** The part of it with the last so many failures. */
  EndpointHealth part(long count) {
    return new EndpointHealth(endpoint, since, windowStart, last, count, spread, lastFailure);
  }

  /** The first attempt that failed. */
  static EndpointHealth failedFirst(long endpoint, Instant now, String failure) {
    return new EndpointHealth(endpoint, now, now, now, 1, false, failure);
  }

  /** One more. */
  EndpointHealth failedAgain(Instant now, String failure, Duration leastSpread) {
    Instant start = now.isAfter(windowStart.plus(WINDOW)) ? now : windowStart;
    return new EndpointHealth(
        endpoint,
        since,
        start,
        now,
        failures + 1,
        spread || !now.isBefore(start.plus(leastSpread)),
        failure);
  }
}
