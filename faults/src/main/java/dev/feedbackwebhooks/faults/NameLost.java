package dev.feedbackwebhooks.faults;

import java.util.random.RandomGenerator;

/** The endpoint's name has no address for a while (RFC 6761: none below .invalid ever has). */
record NameLost() implements Fault {
  @Override
  public String name() {
    return "name does not resolve";
  }

  @Override
  public void happen(World world, Stage stage, RandomGenerator random) throws Exception {
    world.customer().moveTo(world.server(), "https://endpoint.invalid/");
    try {
      world.awaitAcknowledged(200);
    } finally {
      world.customer().moveTo(world.server(), world.endpoint().url());
    }
  }
}
