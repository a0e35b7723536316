package dev.feedbackwebhooks.faults;

import dev.feedbackwebhooks.faults.Endpoint.Manner;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The wall clock jumps by a day, either way, and back. New events go out under any clock; what
 * waits for another attempt waits for its instant, and so, after a jump back, until the clock is
 * right again.
 */
record ClockJumps() implements Fault {
  private static final Duration DAY = Duration.ofDays(1);
  private static final int MEANWHILE = 100;

  @Override
  public String name() {
    return "clock jumps by a day";
  }

  @Override
  public void happen(World main, Stage stage, RandomGenerator random) throws Exception {
    World world = stage.another();
    world.start(world.launch().ofClass(SetClock.class));
    world.awaitAcknowledged(MEANWHILE);
    Duration first = random.nextBoolean() ? DAY : DAY.negated();
    jump(world, first);
    world.awaitDelivered();
    jump(world, Duration.ZERO);
    world.awaitDelivered();
    world.endpoint().be(Manner.ERRORS);
    jump(world, first.negated());
    world.endpoint().be(Manner.WELL);
    jump(world, Duration.ZERO);
    world.awaitDelivered();
  }

  private static void jump(World world, Duration offset) throws Exception {
    world.server().tell(offset.toString());
    world.awaitAcknowledged(MEANWHILE);
  }
}
