package dev.feedbackwebhooks.faults;

import java.util.random.RandomGenerator;

/** A second server on the same file: it is refused, and the first one goes on. */
record Second() implements Fault {
  @Override
  public String name() {
    return "second process";
  }

  @Override
  public void happen(World world, Stage stage, RandomGenerator random) throws Exception {
    world.expectRefusal(world.launch(), "in use by another process");
    world.awaitAcknowledged(50);
  }
}
