package dev.feedbackwebhooks.persistence.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Entry;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Room;
import dev.feedbackwebhooks.domain.delivery.IdSeries;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.delivery.Payload;
import dev.feedbackwebhooks.domain.testing.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process had claimed is free as soon as the next one starts there, however it ended. */
@NullUnmarked
class IncarnationsTest {
  private static final Instant NOW = Samples.NOW;
  private static final Instant LONG_AFTER = NOW.plus(Duration.ofMinutes(10));

  @TempDir Path directory;
  private String url;

  @BeforeEach
  void create() throws SQLException {
    url = PostgresServer.freshDatabase();
  }

  private Incarnations begin(Connection connection, long number) throws SQLException {
    return Incarnations.begin(connection, directory, number);
  }

  private Connection connect() throws SQLException {
    return new PostgresSettings(url, directory.resolve("test.key")).connect(SessionPins.COMMON);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().contains("-node-")).toList();
    }
  }

  @Test
  void whoHasEndedIsDeadHoweverItWas() throws Exception {
    try (Connection connection = connect();
        Incarnations living = begin(connection, 1)) {
      begin(connection, 2).close();
      try (Incarnations other = begin(connection, 3)) {
        assertThat(other.dead()).as("one lives, one is gone").containsExactly(2L);
        other.forget(List.of(2L));
      }
      assertThat(living.dead()).containsExactly(3L);
      assertThat(files()).hasSize(2);
    }
  }

  @Test
  void whoseFileNobodyHasIsDeadUntilHeIsForgotten() throws Exception {
    try (Connection connection = connect();
        Incarnations living = begin(connection, 5)) {
      Path own = files().getFirst();
      String prefix = own.getFileName().toString().replaceFirst("5$", "");
      Files.createFile(own.resolveSibling(prefix + "4"));
      Files.createFile(own.resolveSibling(prefix + "x"));
      Files.createFile(own.resolveSibling(prefix.replaceFirst("\\d+-$", "1-") + "3"));
      assertThat(living.dead()).as("of another database, or by another hand").containsExactly(4L);
      living.forget(List.of(4L));
      assertThat(living.dead()).isEmpty();
    }
  }

  @Test
  void whereNoFileCanBeKeptAServerDoesWithout() throws Exception {
    Path file = Files.createFile(directory.resolve("taken"));
    try (Connection connection = connect();
        Incarnations without = Incarnations.begin(connection, file, 1)) {
      assertThat(without.dead()).isEmpty();
    }
  }

  @Test
  void whatWasClaimedIsFreeAtOnceAndNothingOfOthers() throws Exception {
    try (OpenPostgres other = OpenPostgres.on(url, directory)) {
      // What it has claimed it neither settles nor gives back, as if it had no time for that.
      OpenPostgres ended = OpenPostgres.on(url, directory);
      enqueue(ended, 1, lease(ended));
      enqueue(ended, 2, lease(ended));
      enqueue(other, 3, lease(other));
      // as it is after its first renewal
      done(ended.store().queue().extend(List.of(claimOf(2, lease(ended))), LONG_AFTER));
      Path file = fileOf(ended);
      ended.close();
      try (OpenPostgres next = OpenPostgres.on(url, directory)) {
        done(next.store().queue().lanes(NOW));
        assertThat(claim(next)).containsExactly(new DeliveryId(1), new DeliveryId(2));
        assertThat(Files.exists(file)).isFalse();
      }
    }
  }

  private Path fileOf(OpenPostgres node) throws IOException {
    String number = "-" + node.store().ids().offset();
    return files().stream().filter(file -> file.toString().endsWith(number)).findFirst().get();
  }

  private static Lease lease(OpenPostgres node) {
    long slot = node.store().ids().offset();
    return new Lease((slot << IdSeries.CLAIM_BITS) + 7, LONG_AFTER);
  }

  private static Claim claimOf(long id, Lease lease) {
    return new Claim(
        new DeliveryId(id),
        Samples.SCOPE,
        Samples.config().id(),
        lease.claimId(),
        0,
        0,
        Payload.of(new byte[0]));
  }

  private static void enqueue(OpenPostgres node, long id, Lease lease) {
    done(
        node.store()
            .queue()
            .enqueue(
                List.of(new Entry(Samples.delivery(Samples.SCOPE, id, "e-" + id), lease, NOW))));
  }

  private static List<DeliveryId> claim(OpenPostgres node) {
    return done(
            node.store()
                .queue()
                .claimDue(
                    Samples.SCOPE, new Room(10, Long.MAX_VALUE), NOW, new Lease(99, LONG_AFTER)))
        .claims()
        .stream()
        .map(Claim::id)
        .toList();
  }

  private static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
