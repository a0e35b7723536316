package dev.feedbackwebhooks.domain.health;

import java.time.Duration;
import java.time.Instant;

/**
 * An endpoint that fails, as this process knows it.
 *
 * @param health with what other processes saw, as of the last word from the store
 * @param untold how many of its failures the store was not told of
 * @param writtenAt when it was told last
 * @param stored whether the store has it, so far as is known
 */
record MonitoredEndpoint(EndpointHealth health, long untold, Instant writtenAt, boolean stored) {
  private static final Duration BETWEEN_WRITES = Duration.ofMinutes(1);

  static MonitoredEndpoint failedFirst(long endpoint, Instant now, String failure) {
    return new MonitoredEndpoint(EndpointHealth.failedFirst(endpoint, now, failure), 1, now, false);
  }

  /** One that is in the store. */
  static MonitoredEndpoint found(EndpointHealth health) {
    return new MonitoredEndpoint(health, 0, health.last(), true);
  }

  MonitoredEndpoint failedAgain(Instant now, String failure, HealthRules rules) {
    return new MonitoredEndpoint(
        health.failedAgain(now, failure, rules.leastSpread()), untold + 1, writtenAt, stored);
  }

  /** Whether it is time to tell the store, by a clock that may be set back. */
  boolean isOld(Instant now) {
    return !now.isBefore(writtenAt.plus(BETWEEN_WRITES)) || now.isBefore(writtenAt);
  }

  /** The failures that the store does not know. */
  EndpointHealth news() {
    return health.part(untold);
  }

  /** The same, with the store being told. */
  MonitoredEndpoint told(Instant now) {
    return new MonitoredEndpoint(health, 0, now, stored);
  }

  /** The store did not take what it was told. */
  MonitoredEndpoint notTold(EndpointHealth news) {
    return new MonitoredEndpoint(health, untold + news.failures(), writtenAt, stored);
  }

  /** The state after the store answered, with the failures that it does not know. */
  MonitoredEndpoint standing(EndpointHealth kept) {
    return new MonitoredEndpoint(untold == 0 ? kept : kept.joined(news()), untold, writtenAt, true);
  }
}
