package dev.feedbackwebhooks.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Entry;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.testing.HeardLog;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamageTest {
  private static final int PAGE = 4_096;

  @TempDir Path directory;

  @Test
  void aSmallDatabaseWithAnyPageOverwrittenIsNotOpened() throws Exception {
    try (OpenStore open = OpenStore.in(directory)) {
      fill(open, 1_000);
    }
    byte[] whole = Files.readAllBytes(database());
    int pages = whole.length / PAGE;
    assertThat(pages).isGreaterThan(50);
    for (int page = 0; page < pages; page += 7) {
      Files.write(database(), whole);
      overwrite(page);
      assertRefused("page " + page);
    }
    Files.write(database(), whole);
    try (OpenStore open = OpenStore.in(directory)) {
      assertThat(open.count("delivery")).isEqualTo(1_000);
    }
  }

  private void assertRefused(String what) {
    assertThatThrownBy(() -> OpenStore.in(directory).close())
        .as(what)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(database().toString())
        .hasMessageContaining("damaged")
        .hasMessageContaining("restore a backup")
        .hasMessageContaining(".recover");
  }

  @Test
  void aDatabaseThatWasEmptiedIsNotTakenForANewOne() throws Exception {
    try (OpenStore open = OpenStore.in(directory)) {
      fill(open, 1);
    }
    Files.write(database(), new byte[0]);
    assertThatThrownBy(() -> OpenStore.in(directory).close())
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is empty, and was not before: restore a backup");
  }

  /** An empty file without a key is what a crash during the first start of all leaves behind. */
  @Test
  void anEmptyFileIsMadeADatabaseWhereThereWasNone() throws Exception {
    Files.write(database(), new byte[0]);
    try (OpenStore open = OpenStore.in(directory)) {
      fill(open, 1);
      assertThat(open.count("delivery")).isEqualTo(1);
    }
  }

  @Test
  void damageInALargeDatabaseIsFoundAfterTheStartAndNothingMoreIsTaken() throws Exception {
    try (OpenStore open = OpenStore.in(directory)) {
      fill(open, 220_000);
    }
    int pages = (int) (Files.size(database()) / PAGE);
    assertThat(pages * (long) PAGE).isGreaterThan(32L << 20);
    // Not the last ones, which the start reads; most of the others are deliveries and payloads.
    overwrite(pages / 2);
    try (HeardLog log = new HeardLog(Damage.class);
        OpenStore open = OpenStore.in(directory)) {
      assertThat(open.store().damaged().toCompletableFuture())
          .succeedsWithin(Patience.LONG)
          .asString()
          .contains("restore a backup");
      assertThat(log.lines()).containsExactly("ERROR nothing more is stored");
      assertThatThrownBy(() -> fill(open, 1))
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOf(Fault.Unavailable.class)
          .hasMessageContaining("damaged");
    }
  }

  private Path database() {
    return OpenStore.settings(directory).database();
  }

  private void overwrite(int page) throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(database().toFile(), "rw")) {
      file.seek((long) page * PAGE);
      byte[] rubbish = new byte[PAGE];
      Arrays.fill(rubbish, (byte) 0x5a);
      file.write(rubbish);
    }
  }

  private static void fill(OpenStore open, int count) {
    for (int first = 1; first <= count; first += 1_000) {
      List<Entry> entries = new ArrayList<>();
      for (int id = first; id < first + Math.min(1_000, count); id++) {
        entries.add(new Entry(Samples.delivery(Samples.SCOPE, id, "e-" + id), null, Samples.NOW));
      }
      var _ = open.store().queue().enqueue(entries).toCompletableFuture().join();
    }
  }
}
