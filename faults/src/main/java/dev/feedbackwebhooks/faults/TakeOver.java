package dev.feedbackwebhooks.faults;

import dev.feedbackwebhooks.faults.Endpoint.Manner;
import java.nio.file.Files;
import java.util.random.RandomGenerator;

/**
 * A server stands still with requests in flight; someone takes its lock away and starts another on
 * the same file, which sends what the first one held; then the first one goes on. What it writes
 * down of claims that are no longer its own must change nothing.
 */
record TakeOver() implements Fault {
  private static final int IN_FLIGHT = 8;

  /** A server that stood still in the middle of a commit lets no other in. */
  private static final int TRIES = 5;

  @Override
  public String name() {
    return "taken over while stopped";
  }

  @Override
  public void happen(World world, Stage stage, RandomGenerator random) throws Exception {
    world.endpoint().be(Manner.HOLDS);
    Await.until("requests in flight", () -> world.endpoint().open() >= IN_FLIGHT);
    // What the first one has not answered yet it would still store, when it goes on, and the second
    // one, which gets it again, would not know.
    world.pause();
    try (ServerProcess first = world.server()) {
      stopAndReplace(first, world);
      stage.restarted();
      world.awaitDelivered();
      Shell.signal("CONT", first);
      Await.until("settlements that come too late", () -> first.fenced() > 0);
    }
    world.awaitAcknowledged(100);
  }

  private static void stopAndReplace(ServerProcess first, World world) throws Exception {
    for (int i = 0; ; i++) {
      Shell.signal("STOP", first);
      Files.delete(world.database().resolveSibling("feedback.db.lock"));
      world.endpoint().be(Manner.WELL);
      try {
        world.start();
        return;
      } catch (RigException locked) {
        if (i == TRIES) {
          throw locked;
        }
        Shell.signal("CONT", first);
      }
    }
  }
}
