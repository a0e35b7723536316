package dev.feedbackwebhooks.persistence.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.feedbackwebhooks.domain.replay.Replay;
import dev.feedbackwebhooks.domain.replay.ReplayId;
import dev.feedbackwebhooks.domain.replay.ReplayPlan;
import dev.feedbackwebhooks.domain.replay.ReplaySkip;
import dev.feedbackwebhooks.domain.replay.ReplayState;
import dev.feedbackwebhooks.domain.replay.ReplayStore;
import dev.feedbackwebhooks.domain.replay.ReplayTally;
import dev.feedbackwebhooks.domain.retention.DeliveryPurge.Step;
import dev.feedbackwebhooks.domain.retention.Retention.Expiry;
import dev.feedbackwebhooks.domain.testing.Samples;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.LongStream;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What retention does to a day that has partitions: drops them, but nothing that has to stay. */
@NullUnmarked
class DayPurgeTest {
  private static final Scope SCOPE = Samples.SCOPE;
  private static final Instant NOW = Samples.NOW;
  private static final Day DAY = Day.of(NOW);
  private static final Lease LEASE = new Lease(1, NOW.plusSeconds(60));

  /** More than is removed row by row where it can be avoided. */
  private static final int MANY = 300;

  @TempDir Path directory;

  private String url;
  private OpenPostgres open;

  @BeforeEach
  void open() throws SQLException {
    url = PostgresServer.freshDatabase();
    open = OpenPostgres.on(url, directory);
    assertThat(open.store().configs().insert(Samples.config(), Samples.entry())).isTrue();
  }

  @AfterEach
  void close() {
    open.close();
  }

  @Test
  void aDayOfWhichAllMayGoIsDroppedAndItsEventsAreNewAgain() throws SQLException {
    deliver(1, 3);
    exhaust(4);
    assertThat(purge(expiry(8, 8))).isEqualTo(4);
    assertThat(days()).doesNotContain(DAY);
    for (String table : List.of("delivery", "payload", "attempt", "delivery_open", "event_key")) {
      assertThat(open.count(table)).as(table).isZero();
    }
    assertThat(open.store().book().stats(SCOPE).delivered()).as("stays counted").isEqualTo(3);
    assertThat(enqueue(entry(1, null))).containsExactly(new Enqueued.Stored(id(1)));
    assertThat(open.count("delivery_default")).isEqualTo(1);
  }

  @Test
  void aDayIsNotTouchedBeforeItsLastMayGo() throws SQLException {
    deliver(1, MANY);
    assertThat(purge(new Expiry(NOW.plusSeconds(1), NOW, NOW))).isZero();
    assertThat(days()).contains(DAY);
    assertThat(open.count("event_key")).isEqualTo(MANY);
  }

  @Test
  void oneThatMustStayOutlivesTheOthersOfItsDay() throws SQLException {
    deliver(1, MANY);
    exhaust(MANY + 1);
    assertThat(purge(expiry(8, 0))).isEqualTo(MANY);
    assertThat(days()).as("for what stays").contains(DAY);
    assertThat(open.count("delivery_20261124")).isEqualTo(1);
    Delivery stays = find(MANY + 1);
    assertThat(stays.state()).isEqualTo(DeliveryState.EXHAUSTED);
    assertThat(stays.attempts()).hasSize(1);
    assertThat(enqueue(entry(MANY + 1, null))).allMatch(Enqueued.Duplicate.class::isInstance);
    assertThat(enqueue(entry(1, null))).allMatch(Enqueued.Stored.class::isInstance);
    assertThat(retry(MANY + 1)).isEqualTo(RetryOutcome.DUE);
    assertThat(claim()).extracting(Claim::id).containsExactlyInAnyOrder(id(1), id(MANY + 1));
  }

  @Test
  void whereLittleMayGoItGoesRowByRow() throws SQLException {
    deliver(1, 3);
    exhaust(4);
    assertThat(purge(expiry(8, 0))).isEqualTo(3);
    assertThat(purge(expiry(9, 0))).isZero();
    assertThat(days()).contains(DAY);
    assertThat(find(4).state()).isEqualTo(DeliveryState.EXHAUSTED);
    assertThat(purge(expiry(31, 31))).isEqualTo(1);
    assertThat(days()).doesNotContain(DAY);
  }

  /** More than others could wait for, as on any busy day with the defaults. */
  @Test
  void whereTooMuchStaysWhatMayGoGoesInLargeSteps() throws SQLException {
    int kept = 10_100;
    deliver(1, kept + 2 * MANY);
    open.run(
        "UPDATE delivery SET state = 3 WHERE id > %d AND id <= %d"
            .formatted(id(MANY).value(), id(MANY + kept).value()));
    Expiry bodiesToo = expiry(8, 8);
    Expiry expiry = new Expiry(bodiesToo.delivered(), NOW, bodiesToo.bodies());
    List<Step> steps = steps(expiry);
    assertThat(steps).extracting(Step::deliveries).contains(MANY);
    assertThat(steps.stream().mapToInt(Step::deliveries).sum()).isEqualTo(2 * MANY);
    assertThat(steps.stream().mapToInt(Step::bodies).sum()).isEqualTo(kept);
    assertThat(days()).contains(DAY);
    assertThat(open.count("delivery_20261124")).isEqualTo(kept);
    assertThat(open.count("event_key")).isEqualTo(kept);
    assertThat(open.count("payload")).isZero();
    assertThat(retry(MANY + 1)).isEqualTo(RetryOutcome.BODY_GONE);
  }

  @Test
  void aClaimOfAnOldDayStandsAndWhatWaitsGoesOnWaiting() throws SQLException {
    deliver(1, MANY);
    enqueue(entry(MANY + 1, LEASE), entry(MANY + 2, null), entry(MANY + 3, null));
    Claim fromDisk = claim(1).getFirst();
    assertThat(purge(expiry(8, 8))).isEqualTo(MANY);
    assertThat(settle(accepted(claimOf(MANY + 1)), accepted(fromDisk))).containsExactly(true, true);
    assertThat(claim()).hasSize(1).allMatch(claim -> claim.payload().size() > 0);
    assertThat(open.count("delivery_20261124")).isEqualTo(3);
  }

  /** Between the look at a day and the moment in which its partitions are dropped. */
  @Test
  void whatIsAboutToGoIsNotSentAgain() throws SQLException {
    deliver(1, MANY);
    exhaust(MANY + 1);
    lookOnly();
    assertThat(find(MANY + 1).state()).isEqualTo(DeliveryState.EXHAUSTED);
    assertThat(retry(MANY + 1)).isEqualTo(RetryOutcome.NOT_RETRYABLE);
    assertThat(replayAll())
        .isEqualTo(new ReplayTally(0, 0, Map.of(ReplaySkip.BODY_REMOVED, MANY + 1L)));
    assertThat(claim()).isEmpty();
    assertThat(purge(expiry(8, 8))).isEqualTo(MANY + 1);
    assertThat(open.count("delivery")).isZero();
  }

  @Test
  void anEventOfOneThatIsAboutToGoIsNewAgain() throws SQLException {
    deliver(1, MANY);
    lookOnly();
    Entry again = new Entry(Samples.delivery(SCOPE, id(MANY + 1).value(), "e-1"), null, NOW);
    assertThat(enqueue(again)).containsExactly(new Enqueued.Stored(id(MANY + 1)));
    assertThat(purge(expiry(8, 8))).isPositive();
    assertThat(claim()).extracting(Claim::id).containsExactly(id(MANY + 1));
    assertThat(open.count("event_key")).isEqualTo(1);
  }

  @Test
  void whatWasSentAgainBeforeStaysAndItsEventIsKnown() throws SQLException {
    deliver(1, MANY);
    exhaust(MANY + 1);
    exhaust(MANY + 2);
    CompletableFuture<Integer> purged;
    try (Connection other = DriverManager.getConnection("jdbc:" + url)) {
      other.setAutoCommit(false);
      // As one that sends it again does, in a transaction that is not over yet.
      DayPartitions.run(
          other,
          """
          SELECT FROM delivery d JOIN event_key k ON k.key = d.event_key AND k.delivery_id = d.id
          WHERE id = %1$d FOR UPDATE;
          UPDATE delivery SET state = 0 WHERE id = %1$d;
          UPDATE delivery_open SET state = 0 WHERE delivery_id = %1$d
          """
              .formatted(id(MANY + 1).value()));
      purged = CompletableFuture.supplyAsync(() -> purge(expiry(8, 8)));
      awaitWaiting(other);
      other.commit();
    }
    assertThat(purged.join()).isEqualTo(MANY + 1);
    assertThat(enqueue(entry(MANY + 1, null))).allMatch(Enqueued.Duplicate.class::isInstance);
    assertThat(claim()).extracting(Claim::id).containsExactly(id(MANY + 1));
  }

  /** A look whose drop does not come to be, since others use the tables. */
  private void lookOnly() throws SQLException {
    try (Connection reader = DriverManager.getConnection("jdbc:" + url)) {
      reader.setAutoCommit(false);
      DayPartitions.run(reader, "SELECT id FROM delivery");
      assertThat(purge(expiry(8, 8))).as("others use the tables").isZero();
    }
  }

  private static void awaitWaiting(Connection connection) throws SQLException {
    try (var select =
        connection.prepareStatement(
            """
            SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid)
              WHERE NOT l.granted AND a.datname = current_database())
            """)) {
      boolean waiting = false;
      while (!waiting) {
        try (var row = select.executeQuery()) {
          waiting = row.next() && row.getBoolean(1);
        }
      }
    }
  }

  @Test
  void whatIsLeftOfADayLongPastNeedsNoPartitionsOfItsOwn() throws SQLException {
    deliver(1, 2);
    enqueue(entry(3, null));
    assertThat(purge(expiry(40, 40))).isEqualTo(2);
    assertThat(days()).doesNotContain(DAY);
    assertThat(open.count("delivery_default")).isEqualTo(1);
    assertThat(open.count("payload_default")).isEqualTo(1);
    assertThat(claim()).extracting(Claim::id).containsExactly(id(3));
    assertThat(settle(accepted(new Claim(id(3), SCOPE, 4711, 9, 0, 0, Samples.payload("e-3")))))
        .containsExactly(true);
    assertThat(purge(expiry(41, 41))).isEqualTo(1);
    assertThat(open.count("delivery")).isZero();
  }

  @Test
  void bodiesGoBeforeTheirDay() throws SQLException {
    deliver(1, 3);
    Instant tomorrow = NOW.plus(Duration.ofDays(1));
    Expiry bodies = new Expiry(Instant.EPOCH, Instant.EPOCH, tomorrow);
    assertThat(done(open.store().purge().purge(bodies, null))).isEqualTo(new Step(0, 3, null));
    assertThat(open.count("payload")).isZero();
    assertThat(open.count("delivery_20261124")).isEqualTo(3);
    assertThat(days()).contains(DAY);
  }

  /**
   * A whole round.
   *
   * @return how many deliveries it removed
   */
  private int purge(Expiry expiry) {
    return steps(expiry).stream().mapToInt(Step::deliveries).sum();
  }

  private List<Step> steps(Expiry expiry) {
    List<Step> steps = new ArrayList<>();
    DeliveryId last = null;
    do {
      Step step = done(open.store().purge().purge(expiry, last));
      last = step.last();
      steps.add(step);
      assertThat(steps).as("a round ends").hasSizeLessThan(50);
    } while (last != null);
    return steps;
  }

  /** Days after the deliveries' own. */
  private static Expiry expiry(int delivered, int ended) {
    Instant end = NOW.plus(Duration.ofDays(ended));
    return new Expiry(NOW.plus(Duration.ofDays(delivered)), end, end);
  }

  private void deliver(int from, int to) {
    List<Long> numbers = LongStream.rangeClosed(from, to).boxed().toList();
    enqueue(numbers.stream().map(number -> entry(number, LEASE)).toArray(Entry[]::new));
    assertThat(
            settle(
                numbers.stream()
                    .map(number -> accepted(claimOf(number)))
                    .toArray(Settlement[]::new)))
        .doesNotContain(false);
  }

  private void exhaust(long number) {
    enqueue(entry(number, LEASE));
    AttemptResult result =
        new AttemptResult.Retryable(AttemptFailure.HTTP_STATUS, 503, null, "HTTP 503");
    Settlement settlement =
        new Settlement(
            claimOf(number),
            new Attempt(1, NOW, Duration.ZERO, result),
            new NextStep.GiveUp(NextStep.Ending.EXHAUSTED, "enough"),
            NOW);
    assertThat(settle(settlement)).containsExactly(true);
  }

  private List<Enqueued> enqueue(Entry... entries) {
    return done(open.store().queue().enqueue(List.of(entries)));
  }

  private List<Boolean> settle(Settlement... settlements) {
    return done(open.store().queue().settle(List.of(settlements)));
  }

  private List<Claim> claim() {
    return claim(100);
  }

  private List<Claim> claim(int most) {
    Lease lease = new Lease(9, NOW.plusSeconds(60));
    Room room = new Room(most, 1_000_000);
    return done(open.store().queue().claimDue(SCOPE, room, Instant.MAX, lease)).claims();
  }

  private RetryOutcome retry(long number) {
    return open.store().book().retry(SCOPE, id(number), 4711, NOW, Samples.entry());
  }

  /** A replay of the whole day. */
  private ReplayTally replayAll() {
    DeliveryFilter filter =
        new DeliveryFilter(null, null, null, null, null, null, DAY.plus(-1).start(), DAY.end());
    ReplayPlan plan = new ReplayPlan("create_time > …", filter, 100, "");
    Replay replay =
        new Replay(
            new ReplayId(1),
            SCOPE,
            plan,
            ReplayState.RUNNING,
            ReplayTally.of(0),
            null,
            NOW,
            NOW,
            null);
    assertThat(open.store().replays().start(replay, 1, Samples.entry()))
        .isInstanceOf(ReplayStore.Started.Stored.class);
    for (int steps = 0; !replay.over() && steps < 20; steps++) {
      replay = done(open.store().replays().step(replay, 100, NOW));
    }
    return replay.tally();
  }

  private Delivery find(long number) {
    return open.store().book().find(SCOPE, id(number)).orElseThrow();
  }

  private Iterable<Day> days() throws SQLException {
    return DayPartitionsTest.days(url);
  }

  private static <T extends @Nullable Object> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static DeliveryId id(long number) {
    return new DeliveryId(DAY.first() + number);
  }

  private static Entry entry(long number, @Nullable Lease lease) {
    return new Entry(Samples.delivery(SCOPE, id(number).value(), "e-" + number), lease, NOW);
  }

  /** What {@link #LEASE} claims. */
  private static Claim claimOf(long number) {
    return new Claim(
        id(number), SCOPE, 4711, LEASE.claimId(), 0, 0, Samples.payload("e-" + number));
  }

  private static Settlement accepted(Claim claim) {
    Attempt attempt = new Attempt(1, NOW, Duration.ZERO, new AttemptResult.Accepted(200));
    return new Settlement(claim, attempt, new NextStep.Done(), NOW);
  }
}
