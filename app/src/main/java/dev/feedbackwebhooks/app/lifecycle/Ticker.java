package dev.feedbackwebhooks.app.lifecycle;

import dev.feedbackwebhooks.domain.engine.DeliveryEngine;
import dev.feedbackwebhooks.domain.node.Nodes;
import dev.feedbackwebhooks.domain.node.Recurrence;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The work of a process that may not be the only one on its store: it says that it lives, and looks
 * for what others left behind.
 */
final class Ticker {
  /** The longest time until work of a lost node is found. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  private final Nodes nodes;
  private final DeliveryEngine engine;
  private final InstantSource clock;
  private final Recurrence beats;
  private final Recurrence looks;
  private final AtomicBoolean beating = new AtomicBoolean();
  private final AtomicBoolean looking = new AtomicBoolean();

  Ticker(Nodes nodes, DeliveryEngine engine, InstantSource clock) {
    this.nodes = nodes;
    this.engine = engine;
    this.clock = clock;
    this.beats = new Recurrence(Nodes.BEAT, clock.instant());
    this.looks = new Recurrence(LOOK, clock.instant());
  }

  /** Does what is due, without waiting for it. By one thread. */
  void tick() {
    Instant now = clock.instant();
    // While the database cannot be reached, one of each waits for it and no more.
    if (beats.isDue(now) && beating.compareAndSet(false, true)) {
      nodes.beat(now).thenAccept(engine::shareWith).whenComplete((_, _) -> beating.set(false));
    }
    if (looks.isDue(now) && looking.compareAndSet(false, true)) {
      engine.look().whenComplete((_, _) -> looking.set(false));
    }
  }
}
