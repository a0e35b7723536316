package dev.feedbackwebhooks.domain.delivery;

import dev.feedbackwebhooks.domain.config.Scope;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Shares the memory for deliveries between lanes by dynamic thresholds (Choudhury and Hahne, 1998):
 * a lane may hold a fraction of what is still free. However many lanes are stuck, something stays
 * free for the next one. A lane that holds nothing may hold one delivery even so, until twice the
 * memory is taken.
 *
 * <p>Safe for use by many threads. The bound is soft by what they reserve at one moment.
 */
final class MemoryBudget {
  /** What a delivery costs besides its payload: objects, map entries, ids. */
  private static final int OVERHEAD_BYTES = 512;

  /** New deliveries leave room to those that wait on disk. */
  private static final int FRESH_SHARE = 4;

  private static final int CLAIM_SHARE = 2;

  private final long bytes;
  private final AtomicLong free;
  private final ConcurrentMap<Scope, Long> held = new ConcurrentHashMap<>();

  MemoryBudget(long bytes) {
    this.bytes = bytes;
    this.free = new AtomicLong(bytes);
  }

  /** Takes room for a new delivery, if its lane may have it. */
  boolean reserve(Scope scope, Payload payload) {
    long cost = cost(payload);
    long mine = held.getOrDefault(scope, 0L);
    if (mine == 0 ? exhausted() : mine + cost > free.get() / FRESH_SHARE) {
      return false;
    }
    take(scope, payload);
    return true;
  }

  /** Bytes of payload that a lane may claim from disk now: none, if others need the rest. */
  long claimable(Scope scope) {
    long mine = held.getOrDefault(scope, 0L);
    if (mine == 0) {
      return exhausted() ? 0 : Math.max(1, free.get() / CLAIM_SHARE);
    }
    return free.get() / CLAIM_SHARE - mine;
  }

  /** Accounts for a delivery that was claimed from disk. */
  void take(Scope scope, Payload payload) {
    long cost = cost(payload);
    free.addAndGet(-cost);
    held.merge(scope, cost, Long::sum);
  }

  void giveBack(Scope scope, Payload payload) {
    long cost = cost(payload);
    free.addAndGet(cost);
    held.computeIfPresent(scope, (_, mine) -> mine > cost ? Long.valueOf(mine - cost) : null);
  }

  private boolean exhausted() {
    return free.get() <= -bytes;
  }

  private static long cost(Payload payload) {
    return (long) payload.size() + OVERHEAD_BYTES;
  }
}
