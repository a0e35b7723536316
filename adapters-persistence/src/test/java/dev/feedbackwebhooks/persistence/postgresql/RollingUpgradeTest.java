package dev.feedbackwebhooks.persistence.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.attempt.NextStep;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Entry;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Room;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.delivery.Enqueued;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.delivery.RetryOutcome;
import dev.feedbackwebhooks.domain.delivery.Settlement;
import dev.feedbackwebhooks.domain.retention.DeliveryPurge.Step;
import dev.feedbackwebhooks.domain.retention.Retention.Expiry;
import dev.feedbackwebhooks.domain.testing.HeardLog;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** This version of the program on a database that a later one has made its own. */
@NullUnmarked
class RollingUpgradeTest {
  private static final Scope SCOPE = Samples.SCOPE;
  private static final Instant NOW = Samples.NOW;
  private static final String EXPAND = "classpath:future/expand";
  private static final String CONTRACT = "classpath:future/contract";
  private static final DeliveryFilter ALL =
      new DeliveryFilter(null, null, null, null, null, null, null, null);

  @TempDir Path directory;

  /** Flyway warns of what it does not know. */
  private HeardLog flyway;

  @BeforeEach
  void hear() throws ClassNotFoundException {
    flyway = new HeardLog(Class.forName("org.flywaydb.core.internal.command.DbMigrate"));
  }

  @AfterEach
  void close() {
    flyway.close();
  }

  @Test
  void whatALaterVersionAddedIsNoMatter() throws Exception {
    String url = PostgresServer.freshDatabase();
    migrate(url, EXPAND);
    try (OpenPostgres open = OpenPostgres.on(url, directory)) {
      assertThat(open.store().configs().insert(Samples.config(), Samples.entry())).isTrue();
      work(open, 1);
      work(open, 10);
    }
  }

  @Test
  void aStoreThatIsOpenWhileALaterVersionAddsGoesOn() throws Exception {
    String url = PostgresServer.freshDatabase();
    try (OpenPostgres open = OpenPostgres.on(url, directory)) {
      assertThat(open.store().configs().insert(Samples.config(), Samples.entry())).isTrue();
      // often enough for the server to have plans for all of it
      for (int i = 1; i <= 8; i++) {
        work(open, 10L * i);
      }
      migrate(url, EXPAND);
      for (int i = 11; i <= 13; i++) {
        work(open, 10L * i);
      }
      assertThat(open.heard().heard()).isEmpty();
    }
  }

  @Test
  void whatStaysOfADayKeepsWhatALaterVersionWroteOfIt() throws Exception {
    String url = PostgresServer.freshDatabase();
    migrate(url, EXPAND);
    try (OpenPostgres open = OpenPostgres.on(url, directory)) {
      assertThat(open.store().configs().insert(Samples.config(), Samples.entry())).isTrue();
      DeliveryId id = new DeliveryId(Day.of(NOW).first() + 1);
      assertThat(enqueue(open, id.value())).isInstanceOf(Enqueued.Stored.class);
      open.run("UPDATE delivery SET made_up = 7");
      Instant later = NOW.plus(Duration.ofDays(50));
      Step step = done(open.store().purge().purge(new Expiry(later, later, later), null));
      assertThat(step.deliveries()).isZero();
      assertThat(open.count("delivery_default WHERE made_up = 7")).isEqualTo(1);
    }
  }

  @Test
  void whereALaterVersionTookSomethingAwayThisOneIsRefused() throws Exception {
    String url = PostgresServer.freshDatabase();
    OpenPostgres.on(url, directory).close();
    migrate(url, EXPAND, CONTRACT);
    assertThatThrownBy(() -> OpenPostgres.on(url, directory))
        .isInstanceOf(StoreException.class)
        .hasMessageMatching(
            "the database postgresql://127\\.0\\.0\\.1:\\d+/test_\\d+ is for version 7\\.2 of this"
                + " program or a later one: use that \\(its schema is 9001, this one knows \\d+\\)");
  }

  /** Flyway of a version of the program that has some more migrations. */
  private static void migrate(String url, String... later) {
    String[] locations = new String[later.length + 1];
    locations[0] = PostgresSchema.LOCATION;
    System.arraycopy(later, 0, locations, 1, later.length);
    assertThat(
            Flyway.configure(RollingUpgradeTest.class.getClassLoader())
                .dataSource("jdbc:" + url, null, null)
                .locations(locations)
                .load()
                .migrate()
                .success)
        .isTrue();
  }

  /** A bit of everything, with two deliveries of these numbers. */
  private static void work(OpenPostgres open, long from) {
    assertThat(enqueue(open, from)).isInstanceOf(Enqueued.Stored.class);
    assertThat(enqueue(open, from)).isInstanceOf(Enqueued.Duplicate.class);
    Claim claim = claim(open);
    AttemptResult failed =
        new AttemptResult.Retryable(AttemptFailure.HTTP_STATUS, 503, null, "HTTP 503");
    settle(open, claim, failed, 1, new NextStep.GiveUp(NextStep.Ending.EXHAUSTED, "enough"));
    assertThat(open.store().book().retry(SCOPE, claim.id(), 4711, NOW, Samples.entry()))
        .isEqualTo(RetryOutcome.DUE);
    settle(open, claim(open), new AttemptResult.Accepted(200), 2, new NextStep.Done());
    Delivery delivery = open.store().book().find(SCOPE, claim.id()).orElseThrow();
    assertThat(delivery.state()).isEqualTo(DeliveryState.DELIVERED);
    assertThat(delivery.attempts()).hasSize(2);
    assertThat(open.store().book().list(SCOPE, ALL, null, 1).deliveries()).hasSize(1);
    assertThat(open.store().book().stats(SCOPE).delivered()).isPositive();
    assertThat(open.store().configs().find(SCOPE)).contains(Samples.config());
    assertThat(open.store().campaigns().find(SCOPE, "none")).isEmpty();
    new RestOfWork(open).run(from + 1);
  }

  private static Enqueued enqueue(OpenPostgres open, long id) {
    Entry entry = new Entry(Samples.delivery(SCOPE, id, "e-" + id), null, NOW);
    return done(open.store().queue().enqueue(List.of(entry))).getFirst();
  }

  private static Claim claim(OpenPostgres open) {
    Lease lease = new Lease(9, NOW.plusSeconds(60));
    Room room = new Room(10, 1_000_000);
    List<Claim> claims =
        done(open.store().queue().claimDue(SCOPE, room, Instant.MAX, lease)).claims();
    assertThat(claims).hasSize(1);
    return claims.getFirst();
  }

  private static void settle(
      OpenPostgres open, Claim claim, AttemptResult result, int number, NextStep next) {
    Attempt attempt = new Attempt(number, NOW, Duration.ZERO, result);
    Settlement settlement = new Settlement(claim, attempt, next, NOW);
    assertThat(done(open.store().queue().settle(List.of(settlement)))).containsExactly(true);
  }

  private static <T extends @Nullable Object> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
