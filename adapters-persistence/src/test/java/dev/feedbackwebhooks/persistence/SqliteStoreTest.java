package dev.feedbackwebhooks.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Entry;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Room;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.delivery.Enqueued;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.testing.HeardLog;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.persistence.stored.DividedEnqueue;
import dev.feedbackwebhooks.persistence.stored.GroupCommit;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest {
  private static final Room ROOM = new Room(100, 1_000_000);

  @TempDir Path directory;

  @Test
  void keepsEverythingWhenItIsOpenedAgainAndGivesBackWhatWasClaimed() throws Exception {
    try (OpenStore open = OpenStore.in(directory)) {
      assertThat(open.store().configs().insert(Samples.fullConfig(Samples.SCOPE), Samples.entry()))
          .isTrue();
      var _ = open.store().queue().enqueue(List.of(claimed(7))).toCompletableFuture().join();
    }
    try (OpenStore open = OpenStore.in(directory)) {
      assertThat(open.store().newestDelivery()).isEqualTo(7);
      assertThat(open.store().configs().find(Samples.SCOPE))
          .contains(Samples.fullConfig(Samples.SCOPE));
      List<Claim> claims =
          open.store()
              .queue()
              .claimDue(Samples.SCOPE, ROOM, Samples.NOW, new Lease(2, Instant.MAX))
              .toCompletableFuture()
              .join()
              .claims();
      assertThat(claims).extracting(Claim::id).containsExactly(new DeliveryId(7));
    }
  }

  /** With a million that wait in a thousand scopes, 40 ms instead of 900. */
  @Test
  void lanesAreFoundFromScopeToScopeAndNotOverAllThatWaits() throws Exception {
    try (OpenStore open = OpenStore.in(directory)) {
      List<String> plan =
          open.store()
              .writes()
              .submit(connection -> {
                List<String> steps = new ArrayList<>();
                try (Statement statement = connection.createStatement();
                    var row =
                        statement.executeQuery("EXPLAIN QUERY PLAN " + SqliteQueue.SELECT_LANES)) {
                  while (row.next()) {
                    steps.add(row.getString("detail"));
                  }
                }
                return steps;
              })
              .join();
      assertThat(plan)
          .filteredOn(step -> step.contains(" delivery "))
          .hasSize(3)
          .filteredOn(step -> step.startsWith("SEARCH"))
          .as("all but the first, which ends at the first row")
          .hasSize(2)
          .allMatch(step -> step.contains("INDEX delivery_waiting (scope_id"));
      assertThat(plan).noneMatch(step -> step.contains("TEMP B-TREE"));
    }
  }

  private static Entry claimed(long id) {
    return new Entry(
        Samples.delivery(Samples.SCOPE, id, "e-" + id),
        new Lease(1, Samples.NOW.plusSeconds(60)),
        Samples.NOW);
  }

  @Test
  void aSecondOpenIsRefusedInWordsAndTheFirstOneGoesOn() throws Exception {
    try (OpenStore open = OpenStore.in(directory)) {
      assertThatThrownBy(() -> OpenStore.in(directory))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("test.db")
          .hasMessageContaining("another process");
      assertThat(open.store().configs().insert(Samples.config(), Samples.entry())).isTrue();
    }
    OpenStore.in(directory).close();
  }

  @Test
  void aFailedOpenLeavesNoLockBehind() throws Exception {
    Files.writeString(directory.resolve("test.db"), "this is no database, and was never one");
    assertThatThrownBy(() -> OpenStore.in(directory)).isInstanceOf(StoreException.class);
    Files.delete(directory.resolve("test.db"));
    OpenStore.in(directory).close();
  }

  @Test
  void anotherKeyFileIsRefusedAtOnce() throws Exception {
    OpenStore.in(directory).close();
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    OpenStore.in(elsewhere).close();
    Files.copy(
        elsewhere.resolve("test.key"),
        directory.resolve("test.key"),
        StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> OpenStore.in(directory))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("test.key")
        .hasMessageContaining("not the one");
  }

  @Test
  void aMissingKeyFileIsNotMadeAnewBesideADatabaseThatNeedsTheOldOne() throws Exception {
    OpenStore.in(directory).close();
    Files.delete(directory.resolve("test.key"));
    assertThatThrownBy(() -> OpenStore.in(directory))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is missing")
        .hasMessageContaining("restore it");
    assertThat(directory.resolve("test.key")).doesNotExist();
  }

  @Test
  void theDatabasesFilesAreTheirOwnersAlone() throws Exception {
    try (OpenStore open = OpenStore.in(directory)) {
      assertThat(open.store().configs().insert(Samples.config(), Samples.entry())).isTrue();
      for (String name : List.of("test.db", "test.db-wal", "test.db-shm")) {
        assertThat(
                PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(directory.resolve(name))))
            .as(name)
            .isEqualTo("rw-------");
      }
    }
  }

  @Test
  void aFirstStartThatWasKilledWhileItMadeTheKeyHindersNothing() throws Exception {
    Files.writeString(directory.resolve("test.key.new"), "hal");
    OpenStore.in(directory).close();
    OpenStore.in(directory).close();
    assertThat(directory.resolve("test.key.new")).doesNotExist();
  }

  @Test
  void aDatabaseOfANewerVersionIsRefused() throws Exception {
    OpenStore.in(directory).close();
    Path file = directory.resolve("test.db");
    try (Connection connection = SqliteFiles.connect(file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version = 999");
    }
    assertThatThrownBy(() -> OpenStore.in(directory))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("newer version");
  }

  @Test
  void secretsStandInNoFileAndTheKeyIsItsOwnersAlone() throws Exception {
    try (OpenStore open = OpenStore.in(directory)) {
      assertThat(open.store().configs().insert(Samples.fullConfig(Samples.SCOPE), Samples.entry()))
          .isTrue();
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
          assertThat(bytes)
              .as(file.toString())
              .doesNotContain("s3cr3t-value")
              .doesNotContain("0123456789abcdef")
              .doesNotContain("MDEyMzQ1Njc4OWFiY2RlZ");
        }
      }
      assertThat(Files.readString(directory.resolve("test.db-wal"), StandardCharsets.ISO_8859_1))
          .as("the rest of the row is there, so the test looks at the right place")
          .contains("x-api-key");
    }
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("test.key"))))
        .isEqualTo("rw-------");
  }

  @Test
  void aSecretOfOneConfigurationDoesNotOpenAsThatOfAnother() throws Exception {
    try (OpenStore open = OpenStore.in(directory)) {
      assertThat(open.store().configs().insert(Samples.fullConfig(Samples.SCOPE), Samples.entry()))
          .isTrue();
      var other = new dev.feedbackwebhooks.domain.config.Scope("myImsOrg", "dev");
      assertThat(open.store().configs().insert(Samples.fullConfig(other), Samples.entry()))
          .isTrue();
      var _ =
          open.store()
              .writes()
              .submit(connection -> {
                try (Statement statement = connection.createStatement()) {
                  return statement.executeUpdate(
                      "UPDATE webhook_config SET secrets ="
                          + " (SELECT secrets FROM webhook_config WHERE scope_id = 1)"
                          + " WHERE scope_id = 2");
                }
              })
              .join();
      assertThatThrownBy(() -> open.store().configs().find(other))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageNotContaining("s3cr3t");
    }
  }

  @Test
  void whateverWaitsDuringOneCommitSharesTheNext() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try (OpenStore open = OpenStore.in(directory, writer)) {
      writer.execute(() -> waitFor(gate));
      List<CompletableFuture<?>> answers = new ArrayList<>();
      for (int id = 1; id <= 100; id++) {
        answers.add(open.store().queue().enqueue(List.of(claimed(id))).toCompletableFuture());
      }
      long before = open.store().writes().commits();
      gate.countDown();
      CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new)).join();
      assertThat(open.store().writes().commits() - before).isEqualTo(1);
    }
  }

  @Test
  void workThatFailsSpoilsNothingForItsGroup() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try (OpenStore open = OpenStore.in(directory, writer)) {
      writer.execute(() -> waitFor(gate));
      var first = open.store().queue().enqueue(List.of(claimed(1))).toCompletableFuture();
      CompletableFuture<Integer> bad =
          open.store()
              .writes()
              .submit(_ -> {
                throw new IllegalStateException("a bug");
              });
      var last = open.store().queue().enqueue(List.of(claimed(2))).toCompletableFuture();
      gate.countDown();
      assertThat(first.join()).hasSize(1);
      assertThat(last.join()).hasSize(1);
      assertThatThrownBy(bad::join).hasMessageContaining("a bug");
    }
  }

  @Test
  void eventsAreKnownHoweverManyCameSinceAndAcrossARestart() throws Exception {
    int events = 150_000;
    try (OpenStore open = OpenStore.in(directory)) {
      fill(open, 1, events);
      assertKnown(open, events);
      assertThat(open.count("event_key")).as("went to the table").isGreaterThan(60_000);
    }
    try (OpenStore open = OpenStore.in(directory)) {
      assertKnown(open, events);
    }
  }

  @Test
  void eventsOfDeliveriesThatComeLateAreKnownAcrossARestart() throws Exception {
    try (OpenStore open = OpenStore.in(directory)) {
      fill(open, 1_001, 66_000);
      // Its id was given before theirs.
      assertThat(enqueued(open, claimed(5))).isEqualTo(new Enqueued.Stored(new DeliveryId(5)));
      fill(open, 70_001, 40_000);
    }
    try (OpenStore open = OpenStore.in(directory)) {
      assertThat(again(open, 5)).containsExactly(new Enqueued.Duplicate(new DeliveryId(5)));
    }
  }

  private static void fill(OpenStore open, int first, int count) {
    for (int id = first; id < first + count; id += 1_000) {
      List<Entry> entries = new ArrayList<>();
      for (int i = id; i < id + 1_000; i++) {
        entries.add(claimed(i));
      }
      var _ = open.store().queue().enqueue(entries).toCompletableFuture().join();
    }
  }

  private static Enqueued enqueued(OpenStore open, Entry entry) {
    return open.store().queue().enqueue(List.of(entry)).toCompletableFuture().join().getFirst();
  }

  @Test
  void afterAFullDiskNothingThatWasRefusedIsThereAndAllThatIsAcceptedIs() throws Exception {
    try (HeardLog log = new HeardLog(GroupCommit.class);
        OpenStore open = OpenStore.in(directory)) {
      open.limitPages(true);
      int refused = 1;
      while (!open.store()
          .queue()
          .enqueue(List.of(claimed(refused)))
          .toCompletableFuture()
          .handle((_, failure) -> failure != null)
          .join()) {
        refused++;
      }
      open.limitPages(true);
      assertThat(open.heard().heard()).as("a commit of nothing").containsExactly("failing");
      open.limitPages(false);
      open.store().probe();
      assertThat(again(open, refused)).first().isInstanceOf(Enqueued.Stored.class);
      assertThat(open.count("delivery")).isEqualTo(refused);
      assertThat(open.heard().heard()).containsExactly("failing", "recovered");
      assertThat(log.lines())
          .containsExactly("ERROR the store cannot write", "INFO the store can write again");
    }
    try (OpenStore open = OpenStore.in(directory)) {
      assertThat(again(open, 1)).containsExactly(new Enqueued.Duplicate(new DeliveryId(1)));
    }
  }

  private static void assertKnown(OpenStore open, int events) {
    for (int i = 1; i <= events; i += 997) {
      assertThat(again(open, i)).containsExactly(new Enqueued.Duplicate(new DeliveryId(i)));
    }
  }

  /** Sends the event of delivery {@code id} once more. */
  private static List<Enqueued> again(OpenStore open, long id) {
    Entry entry =
        new Entry(Samples.delivery(Samples.SCOPE, 1_000_000 + id, "e-" + id), null, Samples.NOW);
    return List.of(enqueued(open, entry));
  }

  @Test
  void anEventThatWasUndoneIsNotKnown() throws Exception {
    CountDownLatch gate = new CountDownLatch(1);
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try (HeardLog store = new HeardLog(GroupCommit.class);
        HeardLog log = new HeardLog(DividedEnqueue.class);
        OpenStore open = OpenStore.in(directory, writer)) {
      writer.execute(() -> waitFor(gate));
      // The second one has the first one's id, which fails when their group is written.
      var first = open.store().queue().enqueue(List.of(claimed(1))).toCompletableFuture();
      Entry clash = new Entry(Samples.delivery(Samples.SCOPE, 1, "e-2"), null, Samples.NOW);
      var second = open.store().queue().enqueue(List.of(clash)).toCompletableFuture();
      gate.countDown();
      assertThat(first.join()).containsExactly(new Enqueued.Stored(new DeliveryId(1)));
      assertThat(second.join()).as("no fault of its data").containsExactly(new Enqueued.Failed());
      assertThat(again(open, 2)).containsExactly(new Enqueued.Stored(new DeliveryId(1_000_002)));
      assertThat(store.lines()).isEmpty();
      assertThat(log.lines()).singleElement().asString().startsWith("ERROR ");
    }
  }

  @Test
  void eventsOfOneHashAreToldApart() throws Exception {
    try (OpenStore open = OpenStore.in(directory)) {
      var keys = open.store().keys();
      open.store()
          .writes()
          .submit(connection -> {
            assertThat(keys.putIfAbsent(connection, 1, "a", 42, 1, _ -> {})).isZero();
            // Delivery 1 is none of event "b".
            assertThat(keys.putIfAbsent(connection, 1, "b", 42, 2, _ -> {})).isZero();
            return 0;
          })
          .join();
    }
  }

  /** What a row of version 1 said, it says after the migration. */
  @Test
  void aDatabaseOfVersionOneIsBroughtUpToDate() throws Exception {
    try (InputStream script = SqliteStoreTest.class.getResourceAsStream("version-1.sql");
        Connection connection = SqliteFiles.connect(directory.resolve("test.db"));
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(new String(script.readAllBytes(), StandardCharsets.UTF_8));
    }
    try (OpenStore open = OpenStore.in(directory)) {
      var delivered = open.store().book().find(Samples.SCOPE, new DeliveryId(7)).orElseThrow();
      assertThat(delivered.state()).isEqualTo(DeliveryState.DELIVERED);
      assertThat(delivered.attempts()).hasSize(2);
      var claims =
          open.store()
              .queue()
              .claimDue(Samples.SCOPE, ROOM, Samples.NOW, new Lease(2, Instant.MAX))
              .toCompletableFuture()
              .join()
              .claims();
      assertThat(claims).extracting(Claim::id).containsExactly(new DeliveryId(8));
      assertThat(claims.getFirst().payload().text()).isEqualTo("{\"n\":8}");
      assertThat(again(open, 7)).containsExactly(new Enqueued.Duplicate(new DeliveryId(7)));
    }
  }

  private static void waitFor(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
