package dev.feedbackwebhooks.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Entry;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Room;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.testing.Samples;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
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
      assertThat(open.store().configs().insert(Samples.fullConfig(Samples.SCOPE))).isTrue();
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
      assertThat(open.store().configs().insert(Samples.config())).isTrue();
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
      assertThat(open.store().configs().insert(Samples.config())).isTrue();
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
    String url = "jdbc:sqlite:" + directory.resolve("test.db");
    try (Connection connection = DriverManager.getConnection(url);
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
      assertThat(open.store().configs().insert(Samples.fullConfig(Samples.SCOPE))).isTrue();
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
      assertThat(open.store().configs().insert(Samples.fullConfig(Samples.SCOPE))).isTrue();
      var other = new dev.feedbackwebhooks.domain.config.Scope("myImsOrg", "dev");
      assertThat(open.store().configs().insert(Samples.fullConfig(other))).isTrue();
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

  /** By another index, each event would be dearer than the one before. */
  @Test
  void anEventIsLookedUpByItsHashAndByNothingElse() throws Exception {
    try (OpenStore open = OpenStore.in(directory)) {
      String plan =
          open.store()
              .writes()
              .submit(connection -> {
                try (PreparedStatement explain =
                        connection.prepareStatement(
                            "EXPLAIN QUERY PLAN " + SqliteQueue.FIND_EVENT);
                    ResultSet row = explain.executeQuery()) {
                  return row.getString("detail");
                }
              })
              .join();
      assertThat(plan).isEqualTo("SEARCH delivery USING INDEX delivery_event (event_hash=?)");
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
