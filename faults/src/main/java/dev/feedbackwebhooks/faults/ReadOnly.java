package dev.feedbackwebhooks.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.random.RandomGenerator;

/** The database cannot be written to at start: the server says so, and loses nothing. */
record ReadOnly() implements Fault {
  @Override
  public String name() {
    return "read-only database";
  }

  @Override
  public void happen(World main, Stage stage, RandomGenerator random) throws Exception {
    World world = stage.another();
    world.start();
    world.awaitAcknowledged(50);
    world.kill();
    Path data = world.data();
    try {
      lock(data);
    } catch (Skipped missing) {
      // What was acknowledged is owed all the same.
      world.start();
      throw missing;
    }
    try {
      world.expectRefusal(world.launch(), world.database().toString());
    } finally {
      unlock(data);
    }
    world.start();
    stage.restarted();
    world.awaitAcknowledged(50);
    world.awaitDelivered();
  }

  /** Root does not heed modes, so for root it is a mount. */
  private static void lock(Path data) throws Exception {
    if (Shell.isRoot()) {
      var _ = Shell.run("mount", "--bind", data.toString(), data.toString());
      var _ = Shell.run("mount", "-o", "remount,bind,ro", data.toString());
    } else {
      mode(data, "r-xr-xr-x", "r--r--r--");
    }
  }

  private static void unlock(Path data) throws Exception {
    if (Shell.isRoot()) {
      var _ = Shell.run("umount", data.toString());
    } else {
      mode(data, "rwxr-xr-x", "rw-------");
    }
  }

  private static void mode(Path data, String directory, String file) throws Exception {
    try (var files = Files.list(data)) {
      for (Path one : files.toList()) {
        var _ = Files.setPosixFilePermissions(one, PosixFilePermissions.fromString(file));
      }
    }
    var _ = Files.setPosixFilePermissions(data, PosixFilePermissions.fromString(directory));
  }
}
