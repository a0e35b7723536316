package dev.feedbackwebhooks.domain.engine;

import dev.feedbackwebhooks.domain.node.Recurrence;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/** Tells how busy the engine is, so seldom that to look at every lane does not matter. */
final class LoadReport {
  private final Recurrence due = new Recurrence(Duration.ofSeconds(1), Instant.EPOCH);

  void tell(
      Instant now,
      Collection<Lane> lanes,
      MemoryBudget memory,
      int unsettled,
      DeliveryListener listener) {
    if (due.isDue(now)) {
      listener.load(EngineLoad.of(lanes, memory.taken(), unsettled));
    }
  }
}
