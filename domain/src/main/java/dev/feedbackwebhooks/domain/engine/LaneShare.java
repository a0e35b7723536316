package dev.feedbackwebhooks.domain.engine;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * This node's part of the requests that one lane may have in flight, of which every living node has
 * the same. The parts of endpoints that few nodes send to stay unused elsewhere: the bound holds,
 * and is not always reached. Any thread may use it.
 */
final class LaneShare {
  private final int whole;
  private final AtomicInteger part;

  /**
   * @param whole for all nodes together
   */
  LaneShare(int whole) {
    this.whole = whole;
    this.part = new AtomicInteger(whole);
  }

  /**
   * @param nodes those that live, this one among them
   */
  void among(int nodes) {
    part.set(Math.max(1, whole / Math.max(1, nodes)));
  }

  /** At least 1. */
  int part() {
    return part.get();
  }
}
