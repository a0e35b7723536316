package dev.feedbackwebhooks.faults;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.random.RandomGenerator;

/**
 * The power fails while the log is written: behind the last frame that was acknowledged there is
 * rubbish, or part of a frame, or a whole one whose bytes are not those that its checksum is of.
 * Frames before it were synced; a disk that loses these lied, and no program can mend that.
 */
record TornLog() implements Fault {
  @Override
  public String name() {
    return "torn write-ahead log";
  }

  @Override
  public void happen(World world, Stage stage, RandomGenerator random) throws Exception {
    world.awaitAcknowledged(50);
    world.kill();
    Path wal = world.database().resolveSibling("feedback.db-wal");
    WalTail tail = WalTail.of(wal);
    if (!tail.isEmpty()) {
      tear(wal, tail, random);
    }
    world.start();
    stage.restarted();
    world.awaitAcknowledged(50);
  }

  private static void tear(Path wal, WalTail tail, RandomGenerator random) throws Exception {
    byte[] rubbish = new byte[1 + random.nextInt(2 * tail.frameBytes())];
    random.nextBytes(rubbish);
    try (FileChannel file = FileChannel.open(wal, StandardOpenOption.WRITE)) {
      file.truncate(tail.end());
      long at = tail.end();
      if (random.nextBoolean()) {
        at += file.write(ByteBuffer.wrap(tail.forgedHeader()), at);
      }
      file.write(ByteBuffer.wrap(rubbish), at);
    }
  }
}
