package dev.feedbackwebhooks.faults;

import dev.feedbackwebhooks.faults.Endpoint.Manner;
import java.util.List;
import java.util.random.RandomGenerator;

/** The endpoint is ill in every way, one after the other, while events come; then it is well. */
record EndpointTrouble() implements Fault {
  private static final int WHILE_ILL = 200;
  private static final List<Manner> MANNERS = List.of(Manner.values());

  @Override
  public String name() {
    return "endpoint flaps";
  }

  @Override
  public void happen(World world, Stage stage, RandomGenerator random) throws Exception {
    for (int i = random.nextInt(2, 5); i > 0; i--) {
      world.endpoint().be(MANNERS.get(random.nextInt(MANNERS.size())));
      world.awaitAcknowledged(WHILE_ILL);
    }
    world.endpoint().be(Manner.WELL);
    world.endpoint().goDown();
    world.awaitAcknowledged(WHILE_ILL);
    world.endpoint().comeUp();
  }
}
