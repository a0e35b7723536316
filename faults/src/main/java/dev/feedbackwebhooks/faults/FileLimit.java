package dev.feedbackwebhooks.faults;

import io.grpc.Status;
import java.util.random.RandomGenerator;

/** No file may grow (RLIMIT_FSIZE): every write beyond that fails, until it is lifted. */
record FileLimit() implements Fault {
  /**
   * Less than any commit needs: the log of writes begins at its front again after each checkpoint,
   * and may stay below its own length for as long as it likes.
   */
  private static final int BYTES = 4_096;

  @Override
  public String name() {
    return "files may not grow";
  }

  @Override
  public void happen(World world, Stage stage, RandomGenerator random) throws Exception {
    int before = world.pipeline().endings(Status.Code.UNAVAILABLE);
    Shell.limit(world.server(), "fsize", String.valueOf(BYTES));
    try {
      Await.until(
          "intake to refuse",
          () -> world.pipeline().endings(Status.Code.UNAVAILABLE) > before + random.nextInt(3));
    } finally {
      Shell.limit(world.server(), "fsize", "unlimited");
    }
    world.awaitAcknowledged(100);
  }
}
