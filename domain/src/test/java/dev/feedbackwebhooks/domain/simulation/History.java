package dev.feedbackwebhooks.domain.simulation;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.engine.EngineLimits;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One life of the service, from a seed: things happen and go wrong, then all of it settles. */
final class History {
  private static final Duration EVENTFUL = Duration.ofSeconds(30);

  /** What is on its way to a slow store arrives, and who is to shut down does so and comes back. */
  private static final Duration LATE = Duration.ofSeconds(60);

  private static final Duration STEP = Duration.ofSeconds(5);
  private static final int MOST_STEPS = 30;
  private static final int NOTES_TOLD = 40;

  private final long seed;
  private final Timeline timeline;
  private final World world;
  private final Customers customers;
  private final Faults faults;
  private final Verdict verdict;

  private History(long seed) {
    this.seed = seed;
    this.timeline = new Timeline(seed);
    EngineLimits limits =
        new EngineLimits(
            timeline.between(1, 4),
            timeline.between(1, 6),
            2_048L << timeline.below(6),
            World.LEASE);
    this.world = new World(timeline, limits, timeline.between(1, 4));
    this.customers = new Customers(world);
    this.faults = new Faults(world);
    this.verdict = new Verdict(world);
  }

  /** What was wrong in the history of a seed, or null. */
  static @Nullable String violation(long seed) {
    return new History(seed).run();
  }

  private @Nullable String run() {
    try {
      live();
      settle();
      verdict.checkDeliveries();
      world.configStore.list(null, null, null, 100).stream()
          .filter(config -> !config.status().active())
          .forEach(config -> customers.update(config, true));
      settle();
      verdict.checkDeliveries();
      verdict.checkIdle();
    } catch (RuntimeException | Error bug) {
      return told(bug.toString());
    }
    String violation = world.ledger.violation();
    return violation == null ? null : told(violation);
  }

  private void live() {
    world.start();
    world.scopes.forEach(customers::create);
    for (int i = timeline.between(10, 60); i > 0; i--) {
      timeline.after(timeline.below((int) EVENTFUL.toMillis()), this::act);
    }
    timeline.runFor(EVENTFUL);
    faults.end();
    timeline.runFor(LATE);
  }

  private void act() {
    Server server = world.anyServer();
    Scope scope = world.anyScope();
    if (server == null) {
      return;
    }
    switch (timeline.below(26)) {
      case 0 -> faults.storeFails();
      case 1 -> faults.storeIsSlow();
      case 2 -> faults.crash(server);
      case 3 -> faults.freeze(server);
      case 4 -> faults.drain(server);
      case 5, 6, 7, 8 -> faults.endpointChanges(scope);
      case 9, 10, 11, 12 -> customers.changeConfig(scope);
      case 13, 14 -> customers.retry(server);
      case 15 -> faults.storeRefusesSome();
      case 16 -> faults.claimsGetLost();
      default -> customers.bringEvents(server, scope);
    }
  }

  /** Gives it time enough, and some more for what has nothing to do any longer. */
  private void settle() {
    timeline.runFor(STEP);
    for (int i = 0; i < MOST_STEPS && !verdict.settled(); i++) {
      timeline.runFor(STEP);
    }
    timeline.runFor(STEP);
  }

  private String told(String what) {
    List<String> notes = world.notes();
    return "seed "
        + seed
        + " (replay it with -Dsimulation.seed="
        + seed
        + "): "
        + what
        + "\n"
        + String.join("\n", notes.subList(Math.max(0, notes.size() - NOTES_TOLD), notes.size()));
  }
}
