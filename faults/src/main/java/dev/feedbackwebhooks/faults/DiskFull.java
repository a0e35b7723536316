package dev.feedbackwebhooks.faults;

import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/** A file system of its own that is full, and has room again. Needs root, to mount it. */
record DiskFull() implements Fault {
  private static final int BLOCK = 64 * 1_024;

  @Override
  public String name() {
    return "disk full";
  }

  @Override
  public void happen(World main, Stage stage, RandomGenerator random) throws Exception {
    World world = stage.another();
    Path data = Files.createDirectory(world.data());
    var _ = Shell.run("mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", data.toString());
    try {
      world.start();
      world.awaitAcknowledged(200);
      Path ballast = data.resolve("ballast");
      fill(ballast);
      Await.until("intake to refuse", () -> world.pipeline().endings(Status.Code.UNAVAILABLE) >= 3);
      Files.delete(ballast);
      world.awaitAcknowledged(200);
      world.awaitDelivered();
      world.stop();
      world.start();
      stage.restarted();
      world.awaitAcknowledged(1);
      world.finish();
    } finally {
      world.close();
      var _ = Shell.run("umount", data.toString());
    }
  }

  private static void fill(Path ballast) {
    try (var out = Files.newOutputStream(ballast)) {
      while (true) {
        out.write(new byte[BLOCK]);
      }
    } catch (java.io.IOException _) {
      // That is what full means.
    }
  }
}
