package dev.feedbackwebhooks.domain.engine;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.Payload;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Shares the memory for deliveries between lanes by dynamic thresholds (Choudhury and Hahne, 1998):
 * a lane may hold a fraction of what is still free. However many lanes are stuck, something stays
 * free for the next one. A lane that holds nothing may hold one delivery even so, until half as
 * much again is taken.
 *
 * <p>Safe for use by many threads. The bound is soft by what they reserve at one moment.
 */
final class MemoryBudget {
  /** The bytes of a delivery besides its payload: objects, map entries, ids. */
  private static final long OVERHEAD_BYTES = 512;

  /** New deliveries leave room to those that wait on disk. */
  private static final int FRESH_SHARE = 4;

  private static final int CLAIM_SHARE = 2;

  /** The bytes that are reserved for a delivery that is not read yet. */
  private static final long EXPECTED_BYTES = 2 << 10;

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
    take(scope, cost);
    return true;
  }

  /**
   * Takes room for deliveries that a lane is about to claim from disk. Taken beforehand: many lanes
   * ask before the first one has its answer. To be followed by {@link #claimed}.
   *
   * @return null if others need what is left
   */
  DeliveryQueue.@Nullable Room reserve(Scope scope, int wanted) {
    int deliveries = (int) Math.min(wanted, allowed(scope) / EXPECTED_BYTES);
    if (deliveries <= 0) {
      return null;
    }
    take(scope, expected(deliveries));
    return new DeliveryQueue.Room(deliveries, expected(deliveries) - deliveries * OVERHEAD_BYTES);
  }

  private long allowed(Scope scope) {
    long mine = held.getOrDefault(scope, 0L);
    if (mine > 0) {
      return free.get() / CLAIM_SHARE - mine;
    }
    return exhausted() ? 0 : Math.max(EXPECTED_BYTES, free.get() / CLAIM_SHARE);
  }

  /** Accounts for what a claim really brought, instead of the room that was taken for it. */
  void claimed(Scope scope, DeliveryQueue.Room room, List<Claim> claims) {
    for (Claim claim : claims) {
      take(scope, cost(claim.payload()));
    }
    giveBack(scope, expected(room.deliveries()));
  }

  private static long expected(int deliveries) {
    return deliveries * EXPECTED_BYTES;
  }

  void giveBack(Scope scope, Payload payload) {
    giveBack(scope, cost(payload));
  }

  long taken() {
    return bytes - free.get();
  }

  private void take(Scope scope, long cost) {
    free.addAndGet(-cost);
    held.merge(scope, cost, Long::sum);
  }

  private void giveBack(Scope scope, long cost) {
    free.addAndGet(cost);
    held.computeIfPresent(scope, (_, mine) -> mine > cost ? Long.valueOf(mine - cost) : null);
  }

  private boolean exhausted() {
    return free.get() <= -bytes / 2;
  }

  private static long cost(Payload payload) {
    return payload.size() + OVERHEAD_BYTES;
  }
}
