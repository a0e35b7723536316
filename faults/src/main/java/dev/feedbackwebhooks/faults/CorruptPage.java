package dev.feedbackwebhooks.faults;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.random.RandomGenerator;

/**
 * A page of the database is overwritten, or the file is emptied: the server refuses to start, and
 * says that a backup is to be restored. With the backup it goes on.
 *
 * @param pages how many, the first one of the file included
 */
record CorruptPage(int pages) implements Fault {
  private static final int PAGE = 4_096;

  /** Enough for trees of more than one level. */
  private static final int EVENTS = 600;

  @Override
  public String name() {
    return "corrupt page";
  }

  @Override
  public void happen(World main, Stage stage, RandomGenerator random) throws Exception {
    World world = stage.another();
    world.start();
    world.awaitAcknowledged(EVENTS);
    world.stop();
    stage.restarted();
    Path database = world.database();
    Path backup = world.directory().resolve("backup.db");
    Files.copy(database, backup);
    try (FileChannel file = FileChannel.open(database, StandardOpenOption.WRITE)) {
      file.truncate(0);
    }
    world.expectRefusal(world.launch(), "backup");
    for (int i = 0; i < pages; i++) {
      Files.copy(backup, database, StandardCopyOption.REPLACE_EXISTING);
      overwrite(database, i == 0 ? 0 : random.nextLong(Files.size(database) / PAGE), random);
      world.expectRefusal(world.launch(), "backup");
    }
    Files.copy(backup, database, StandardCopyOption.REPLACE_EXISTING);
    world.start();
    world.awaitAcknowledged(1);
    world.awaitDelivered();
  }

  private static void overwrite(Path database, long page, RandomGenerator random) throws Exception {
    byte[] rubbish = new byte[PAGE];
    random.nextBytes(rubbish);
    try (FileChannel file = FileChannel.open(database, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(rubbish), page * PAGE);
    }
  }
}
