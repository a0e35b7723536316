package dev.feedbackwebhooks.faults;

import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/** No file may grow (RLIMIT_FSIZE): every write beyond that fails, until it is lifted. */
record FileLimit() implements Fault {
  @Override
  public String name() {
    return "files may not grow";
  }

  @Override
  public void happen(World world, Stage stage, RandomGenerator random) throws Exception {
    Path log = world.database().resolveSibling("feedback.db-wal");
    int before = world.pipeline().endings(Status.Code.UNAVAILABLE);
    Shell.limit(world.server(), "fsize", String.valueOf(Files.size(log) / 2));
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
