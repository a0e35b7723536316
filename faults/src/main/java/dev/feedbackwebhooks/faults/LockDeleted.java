package dev.feedbackwebhooks.faults;

import java.nio.file.Files;
import java.util.random.RandomGenerator;

/**
 * A server stands still, and somebody deletes its lock file and starts another on the same
 * database: that one is refused, since the lock is the database's as well, and the first goes on.
 */
record LockDeleted() implements Fault {
  @Override
  public String name() {
    return "lock deleted while stopped";
  }

  @Override
  public void happen(World world, Stage stage, RandomGenerator random) throws Exception {
    ServerProcess first = world.server();
    Shell.signal("STOP", first);
    try {
      Files.delete(world.database().resolveSibling("feedback.db.lock"));
      world.expectRefusal(world.launch(), "in use by another process");
    } finally {
      Shell.signal("CONT", first);
    }
    world.awaitAcknowledged(100);
  }
}
