package dev.feedbackwebhooks.domain.health;

import java.time.Duration;
import java.time.Instant;

/**
 * What this process knows of an endpoint that fails.
 *
 * @param health with what other processes saw, as of the last word from the store
 * @param untold how many of its failures the store was not told of
 * @param writtenAt when it was told last
 * @param stored whether the store has it, so far as is known
 */
record WatchedEndpoint(EndpointHealth health, long untold, Instant writtenAt, boolean stored) {
  private static final Duration BETWEEN_WRITES = Duration.ofMinutes(1);

  static WatchedEndpoint failedFirst(long endpoint, Instant now, String failure) {
    return new WatchedEndpoint(EndpointHealth.failedFirst(endpoint, now, failure), 1, now, false);
  }

  /** One that is in the store. */
  static WatchedEndpoint found(EndpointHealth health) {
    return new WatchedEndpoint(health, 0, health.last(), true);
  }

  WatchedEndpoint failedAgain(Instant now, String failure, HealthRules rules) {
    return new WatchedEndpoint(
        health.failedAgain(now, failure, rules), untold + 1, writtenAt, stored);
  }

  /** Whether it is time to tell the store, by a clock that may be set back. */
  boolean isOld(Instant now) {
    return !now.isBefore(writtenAt.plus(BETWEEN_WRITES)) || now.isBefore(writtenAt);
  }

  /** What to tell the store. */
  EndpointHealth news() {
    return health.part(untold);
  }

  /** The same, with the store being told. */
  WatchedEndpoint told(Instant now) {
    return new WatchedEndpoint(health, 0, now, stored);
  }

  /** The store did not take what it was told. */
  WatchedEndpoint notTold(EndpointHealth news) {
    return new WatchedEndpoint(health, untold + news.failures(), writtenAt, stored);
  }

  /** What the store has, and what it was not told of. */
  WatchedEndpoint standing(EndpointHealth kept) {
    return new WatchedEndpoint(untold == 0 ? kept : kept.joined(news()), untold, writtenAt, true);
  }
}
