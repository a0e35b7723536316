package dev.feedbackwebhooks.domain.retention;

import java.time.Duration;
import java.time.Instant;

/**
 * The time that deliveries are kept once they are over. Those that wait, are held or claimed are
 * kept until they end, however long that takes.
 *
 * @param delivered for deliveries that were accepted, at least {@link #DEDUPLICATION}
 * @param ended for those that were exhausted, refused or cancelled, at least {@link #DEDUPLICATION}
 * @param bodies for the bodies of all of these, which name recipients; they go with their records
 *     in any case
 */
public record Retention(Duration delivered, Duration ended, Duration bodies) {
  /** Events are known for as long as their deliveries are: this much is promised. */
  public static final Duration DEDUPLICATION = Duration.ofDays(7);

  /** The expiry at {@code now}. */
  Expiry at(Instant now) {
    return new Expiry(now.minus(delivered), now.minus(ended), now.minus(bodies));
  }

  /**
   * Ends before which a delivery, or its body, may go.
   *
   * @param delivered of accepted ones
   * @param ended of the others
   * @param bodies of either
   */
  public record Expiry(Instant delivered, Instant ended, Instant bodies) {
    /** The time since when all that was created is kept. */
    public Instant latest() {
      return later(records(), bodies);
    }

    /** The record of what ended before may go, however it ended. */
    public Instant records() {
      return later(delivered, ended);
    }

    private static Instant later(Instant one, Instant other) {
      return one.isAfter(other) ? one : other;
    }
  }
}
