package dev.feedbackwebhooks.domain.delivery;

import java.time.Duration;
import java.util.Arrays;

/**
 * A histogram of delivery times, in buckets that grow with the time: eight to each doubling, so
 * that a percentile is told at most an eighth too long. Longest is some months.
 */
public final class Latencies {
  /** The number of buckets. */
  public static final int BUCKETS = 256;

  private static final int BITS = 3;
  private static final int PER_DOUBLING = 1 << BITS;

  private final long[] counts;

  private Latencies(long[] counts) {
    this.counts = counts;
  }

  /**
   * @param counts by bucket: {@link #BUCKETS} of them
   */
  public static Latencies of(long[] counts) {
    return new Latencies(counts.clone());
  }

  /** The bucket that counts a time; a negative one counts as none. */
  public static int bucket(Duration time) {
    long millis = Math.max(0, time.toMillis());
    if (millis < PER_DOUBLING) {
      return (int) millis;
    }
    int exponent = Long.SIZE - 1 - Long.numberOfLeadingZeros(millis);
    int within = (int) (millis >>> (exponent - BITS)) & (PER_DOUBLING - 1);
    return Math.min((exponent - BITS + 1) * PER_DOUBLING + within, BUCKETS - 1);
  }

  /** The longest time that a bucket counts. */
  static Duration longestOf(int bucket) {
    if (bucket < PER_DOUBLING) {
      return Duration.ofMillis(bucket);
    }
    int shift = bucket / PER_DOUBLING - 1;
    long least = (long) (PER_DOUBLING + bucket % PER_DOUBLING) << shift;
    return Duration.ofMillis(least + (1L << shift) - 1);
  }

  public long count() {
    return Arrays.stream(counts).sum();
  }

  /**
   * The time that this share of them took at most.
   *
   * @param share in (0, 1]
   * @return none without any
   */
  public Duration percentile(double share) {
    long rank = (long) Math.ceil(share * count());
    long seen = 0;
    for (int bucket = 0; bucket < counts.length; bucket++) {
      seen += counts[bucket];
      if (seen >= rank && seen > 0) {
        return longestOf(bucket);
      }
    }
    return Duration.ZERO;
  }
}
