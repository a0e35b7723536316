package dev.feedbackwebhooks.faults;

import dev.feedbackwebhooks.faults.Endpoint.Manner;
import java.util.random.RandomGenerator;

/** A small heap, and a backlog of several times what may be in memory. */
record LittleMemory(int backlog) implements Fault {
  @Override
  public String name() {
    return "little memory";
  }

  @Override
  public void happen(World main, Stage stage, RandomGenerator random) throws Exception {
    World world = stage.another();
    world.endpoint().be(Manner.ERRORS);
    world.start(world.launch("--delivery-memory=1").withJvm("-Xmx80m"));
    stage.restarted();
    world.awaitAcknowledged(backlog);
    world.endpoint().be(Manner.WELL);
    world.awaitDelivered();
  }
}
