package dev.feedbackwebhooks.domain.delivery;

import java.util.random.RandomGenerator;

/**
 * Which ids a process gives, so that no other one of the same store gives them.
 *
 * @param newest the newest id in the store, but for those that a clock gave which was far ahead, or
 *     0: all that are given are larger
 * @param step what lies between two of a process, at least 1: so many processes can give some
 * @param offset what remains when one is divided by {@code step}; from 0
 */
public record IdSeries(long newest, int step, int offset) {
  /** All ids, for the only process of a store. */
  public static IdSeries whole(long newest) {
    return new IdSeries(newest, 1, 0);
  }

  /** So many bits of a claim's id are its process's own. */
  public static final int CLAIM_BITS = 52;

  /**
   * The id of this process's first claim: those that follow tell whose they are, as they have
   * {@code offset} before the last {@link #CLAIM_BITS}.
   */
  public long firstClaim(RandomGenerator random) {
    // The other half is there to count on.
    return ((long) offset << CLAIM_BITS) + random.nextLong(1, 1L << (CLAIM_BITS - 1));
  }

  /** The first of the series that is larger than {@code id}. */
  long after(long id) {
    long next = id + 1;
    return next + Math.floorMod(offset - next, step);
  }
}
