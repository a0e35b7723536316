package dev.feedbackwebhooks.persistence;

import com.carrotsearch.hppc.LongIntHashMap;
import java.util.stream.IntStream;

/**
 * How much the details of an accepted attempt will take, by what those of its endpoint took last.
 * New rows have as much room, since a row that grows later does not fit its page any more. Used by
 * the writer only.
 */
final class DetailRoom {
  /** What else is written when an attempt is accepted. */
  private static final int TIMES = 10;

  /** More is not kept free for what may never come. */
  private static final int MOST = 512;

  private static final int MOST_CONFIGS = 100_000;

  private static final byte[][] ROOMS =
      IntStream.rangeClosed(0, MOST).mapToObj(byte[]::new).toArray(byte[][]::new);

  private final LongIntHashMap byConfig = new LongIntHashMap();

  /** Zeros, to be replaced. */
  byte[] of(long configId) {
    return ROOMS[byConfig.getOrDefault(configId, 0)];
  }

  void took(long configId, int bytes) {
    if (byConfig.size() > MOST_CONFIGS) {
      byConfig.clear();
    }
    byConfig.put(configId, Math.min(bytes + TIMES, MOST));
  }
}
