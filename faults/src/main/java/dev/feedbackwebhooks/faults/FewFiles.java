package dev.feedbackwebhooks.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.random.RandomGenerator;

/** No more file descriptors (RLIMIT_NOFILE): no connection can be opened, until there are. */
record FewFiles() implements Fault {
  private static final String MANY = "4096";

  @Override
  public String name() {
    return "no file descriptors";
  }

  @Override
  public void happen(World world, Stage stage, RandomGenerator random) throws Exception {
    Path open = Path.of("/proc", String.valueOf(world.server().pid()), "fd");
    if (!Files.isDirectory(open)) {
      throw new Skipped("there is no /proc to count what is open");
    }
    // Its connections are gone, and it cannot open others.
    world.endpoint().goDown();
    try (var files = Files.list(open)) {
      Shell.limit(world.server(), "nofile", String.valueOf(files.count()));
    } finally {
      world.endpoint().comeUp();
    }
    try {
      world.awaitAcknowledged(200);
      // Nor can it take one from a client.
      world.pipeline().to("");
      world.pipeline().to(world.server().grpc());
    } finally {
      Shell.limit(world.server(), "nofile", MANY);
    }
    world.awaitAcknowledged(50);
  }
}
