package dev.feedbackwebhooks.faults;

import dev.feedbackwebhooks.faults.Endpoint.Manner;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * The wall clock jumps by a day, either way, and back. New events go out under any clock; what
 * waits for another attempt waits for its instant.
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
    if (random.nextBoolean()) {
      ahead(world);
      behind(world);
    } else {
      behind(world);
      ahead(world);
    }
    world.awaitAcknowledged(MEANWHILE);
    world.awaitDelivered();
  }

  /** What the wrong clock put off would wait for a day, so it is let out before. */
  private static void ahead(World world) throws Exception {
    jump(world, DAY);
    world.pause();
    world.awaitDelivered();
    jump(world, Duration.ZERO);
  }

  /** What failed under a clock that is late is due at once when it is right again. */
  private static void behind(World world) throws Exception {
    world.endpoint().be(Manner.ERRORS);
    jump(world, DAY.negated());
    world.endpoint().be(Manner.WELL);
    jump(world, Duration.ZERO);
    world.awaitDelivered();
  }

  private static void jump(World world, Duration offset) throws Exception {
    world.server().tell(offset.toString());
    world.goOn();
    world.awaitAcknowledged(MEANWHILE);
  }
}
