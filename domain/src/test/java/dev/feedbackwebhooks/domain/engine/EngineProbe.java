package dev.feedbackwebhooks.domain.engine;

import dev.feedbackwebhooks.domain.delivery.Claim;
import java.util.Set;

/** Looks into an engine, for tests outside its package. */
public final class EngineProbe {
  /**
   * What a delivery takes of the memory besides its payload, and what is taken for an unread one.
   */
  public static final long OVERHEAD = 512 + (2 << 10);

  private EngineProbe() {}

  public static long memoryTaken(DeliveryEngine engine) {
    return engine.memoryTaken();
  }

  /** What it has still to write down. */
  public static Set<Claim> unsettled(DeliveryEngine engine) {
    return engine.unsettled();
  }

  /** Whether it holds nothing any more: no lane, no memory, nothing that is with the store. */
  public static boolean idle(DeliveryEngine engine) {
    return engine.idle();
  }
}
