package dev.feedbackwebhooks.faults;

import dev.feedbackwebhooks.faults.Endpoint.Manner;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/** kill -9 at random moments, now and then before the server is even up. */
record Kills(int times) implements Fault {
  private static final int LONGEST_LIFE_MILLIS = 800;
  private static final int LONGEST_START_MILLIS = 900;

  /** Mostly well, since what is in flight at a kill matters most. */
  private static final List<Manner> MANNERS =
      List.of(Manner.WELL, Manner.WELL, Manner.WELL, Manner.ERRORS, Manner.RESETS, Manner.HOLDS);

  /** Of so many starts, one is cut short. */
  private static final int CUT_SHORT = 6;

  @Override
  public String name() {
    return "kill -9";
  }

  @Override
  public void happen(World world, Stage stage, RandomGenerator random) throws Exception {
    for (int i = 0; i < times; i++) {
      pause(random.nextInt(LONGEST_LIFE_MILLIS));
      world.kill();
      if (random.nextInt(CUT_SHORT) == 0) {
        try (ServerProcess _ = world.spawn(world.launch())) {
          pause(random.nextInt(LONGEST_START_MILLIS));
        }
        stage.restarted();
      }
      world.start();
      stage.restarted();
      world.endpoint().be(MANNERS.get(random.nextInt(MANNERS.size())));
    }
    world.endpoint().be(Manner.WELL);
  }

  /** The moment is what is random here; nothing is waited for. */
  private static void pause(int millis) {
    LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
  }
}
