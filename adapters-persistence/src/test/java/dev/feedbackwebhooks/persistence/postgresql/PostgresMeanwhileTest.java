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
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Claimed;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Entry;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.LaneDue;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Room;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.delivery.DeliverySubject;
import dev.feedbackwebhooks.domain.delivery.Enqueued;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.delivery.MessageKey;
import dev.feedbackwebhooks.domain.delivery.MessageOrder;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.delivery.RetryOutcome;
import dev.feedbackwebhooks.domain.delivery.Settlement;
import dev.feedbackwebhooks.domain.replay.Replay;
import dev.feedbackwebhooks.domain.replay.ReplayId;
import dev.feedbackwebhooks.domain.replay.ReplayPlan;
import dev.feedbackwebhooks.domain.replay.ReplaySkip;
import dev.feedbackwebhooks.domain.replay.ReplayState;
import dev.feedbackwebhooks.domain.replay.ReplayStore.Started;
import dev.feedbackwebhooks.domain.replay.ReplayTally;
import dev.feedbackwebhooks.domain.testing.Samples;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node does while another one has just changed the same, and not committed that yet. */
@NullUnmarked
class PostgresMeanwhileTest {
  private static final Scope SCOPE = Samples.SCOPE;
  private static final Instant NOW = Samples.NOW;
  private static final ReplayId REPLAY = new ReplayId(1);
  private static final DeliveryId ID = DeliveryId.firstAt(NOW);
  private static final long CONFIG = Samples.config().id();
  private static final MessageKey MESSAGE = new MessageKey(5);
  private static final Lease LEASE = new Lease(1, NOW.plusSeconds(60));
  private static final AttemptResult ACCEPTED = new AttemptResult.Accepted(200);
  private static final AttemptResult FAILED =
      new AttemptResult.Retryable(AttemptFailure.HTTP_STATUS, 503, null, "");

  private static final String REMOVE_BODY =
      "UPDATE delivery SET message = NULL; DELETE FROM payload";
  private static final String QUEUED =
      """
      UPDATE delivery SET state = 0;
      INSERT INTO delivery_open (delivery_id, scope_id, state, due_at, replayed)
      SELECT id, scope_id, 0, 0, true FROM delivery
      """;
  private static final String SETTLED = "UPDATE delivery SET state = 2; DELETE FROM delivery_open";
  private static final String CLAIMED =
      "UPDATE delivery SET state = 1, claim_id = 1; UPDATE delivery_open SET state = 1";

  @TempDir Path directory;

  private OpenPostgres one;
  private OpenPostgres two;

  @BeforeEach
  void open() throws SQLException {
    String url = PostgresServer.freshDatabase();
    one = OpenPostgres.on(url, directory);
    two = OpenPostgres.on(url, directory);
    assertThat(one.store().configs().insert(Samples.config(), Samples.entry())).isTrue();
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  @Test
  void aReplayThatIsCancelledMeanwhileStaysCancelled() {
    delivered();
    Replay replay = started();
    Replay stepped =
        meanwhile(
            "UPDATE replay SET state = 'CANCELLED', end_time = 1", node -> step(node, replay));
    assertThat(stepped.state()).isEqualTo(ReplayState.CANCELLED);
    assertThat(replay().state()).isEqualTo(ReplayState.CANCELLED);
    assertThat(delivery().state()).isEqualTo(DeliveryState.DELIVERED);
  }

  @Test
  void whatAnotherNodeTookAReplayThroughIsNotQueuedOnceMore() {
    delivered();
    Replay replay = started();
    Replay stepped =
        meanwhile(
            "UPDATE replay SET replayed = 1, cursor = " + ID.value(), node -> step(node, replay));
    assertThat(stepped.cursor()).isEqualTo(ID);
    assertThat(stepped.tally().replayed()).isEqualTo(1);
    assertThat(delivery().state()).isEqualTo(DeliveryState.DELIVERED);
  }

  @Test
  void aReplayPassesOverABodyThatIsRemovedMeanwhile() {
    delivered();
    Replay replay = started();
    Replay stepped = meanwhile(REMOVE_BODY, node -> step(node, replay));
    assertThat(stepped.tally().skips()).isEqualTo(Map.of(ReplaySkip.BODY_REMOVED, 1L));
    assertThat(delivery().state()).isEqualTo(DeliveryState.DELIVERED);
  }

  @Test
  void aRetryIsToldThatTheBodyWasRemovedMeanwhile() {
    exhausted();
    assertThat(meanwhile(REMOVE_BODY, PostgresMeanwhileTest::retry))
        .isEqualTo(RetryOutcome.BODY_GONE);
    assertThat(delivery().state()).isEqualTo(DeliveryState.EXHAUSTED);
  }

  @Test
  void twoReplaysOfOneDeliveryCountItOnce() {
    delivered();
    Replay replay = started();
    Replay stepped = meanwhile(QUEUED, node -> step(node, replay));
    assertThat(stepped.tally().skips()).isEqualTo(Map.of(ReplaySkip.NOT_OVER, 1L));
    assertThat(two.store().book().stats(SCOPE).delivered()).isEqualTo(1);
  }

  @Test
  void aRetryLeavesWhatIsClaimedMeanwhileToItsHolder() {
    enqueue();
    assertThat(meanwhile(CLAIMED, PostgresMeanwhileTest::retry))
        .isEqualTo(RetryOutcome.NOT_RETRYABLE);
    assertThat(delivery().state()).isEqualTo(DeliveryState.CLAIMED);
    assertThat(settle(ACCEPTED, new NextStep.Done())).isTrue();
  }

  /** Else it would be due for ever, and asked for again and again. */
  @Test
  void whatHasNoBodyAnyMoreIsCancelledByWhoClaimsIt() {
    enqueue();
    one.run("DELETE FROM payload");
    Claimed claimed = claim();
    assertThat(claimed.claims()).isEmpty();
    assertThat(claimed.nextDue()).isNull();
    assertThat(delivery().state()).isEqualTo(DeliveryState.CANCELLED);
    assertThat(delivery().stateReason()).isEqualTo("its body was removed");
    assertThat(one.store().book().stats(SCOPE).cancelled()).isEqualTo(1);
    assertThat(retry(one.store())).isEqualTo(RetryOutcome.BODY_GONE);
  }

  /** Who settles the first does not see it, and it sees that the first is not over. */
  @Test
  void whatWaitsForAFirstThatIsSettledMeanwhileIsFreedSecondsLater() {
    var _ = enqueue(one.store(), inTurn(ID, "sent", new MessageOrder.First(MESSAGE)));
    assertThat(claim().claims()).hasSize(1);
    DeliveryId waits = new DeliveryId(ID.value() + 1);
    NewDelivery after =
        inTurn(waits, "bounce", new MessageOrder.After(MESSAGE, Duration.ofSeconds(30)));
    List<Enqueued> stored = meanwhile(SETTLED, node -> enqueue(node, after));
    assertThat(stored).hasSize(1);
    assertThat(lanes(NOW)).hasSize(1);
    assertThat(claim().nextDue()).isEqualTo(NOW.plusSeconds(30));
    assertThat(lanes(NOW.plusSeconds(2))).hasSize(1);
    assertThat(claim(NOW.plusSeconds(2)).claims()).extracting(Claim::id).containsExactly(waits);
  }

  @Test
  void whatWaitsForAFirstThatIsNotOverGoesOnWaiting() {
    var _ = enqueue(one.store(), inTurn(ID, "sent", new MessageOrder.First(MESSAGE)));
    assertThat(claim().claims()).hasSize(1);
    DeliveryId waits = new DeliveryId(ID.value() + 1);
    var _ =
        enqueue(
            two.store(),
            inTurn(waits, "bounce", new MessageOrder.After(MESSAGE, Duration.ofSeconds(30))));
    for (int i = 0; i < 3; i++) {
      assertThat(lanes(NOW)).hasSize(1);
    }
    assertThat(claim().nextDue()).isEqualTo(NOW.plusSeconds(30));
  }

  private List<LaneDue> lanes(Instant now) {
    return done(two.store().queue().lanes(now));
  }

  private static NewDelivery inTurn(DeliveryId id, String status, MessageOrder turn) {
    DeliverySubject sample = Samples.subject("e-" + id.value());
    return new NewDelivery(
        id,
        SCOPE,
        CONFIG,
        new DeliverySubject(
            sample.eventId(),
            sample.eventTime(),
            sample.requestId(),
            sample.executionId(),
            sample.channel(),
            sample.campaignId(),
            status),
        turn,
        List.of(),
        Samples.payload("e"));
  }

  /** What the second node answers that is asked while the first one's transaction is open. */
  private <T> T meanwhile(String change, Function<PostgresStore, T> asked) {
    return one.store()
        .writes()
        .await(connection -> {
          execute(connection, change);
          CompletableFuture<T> answer =
              CompletableFuture.supplyAsync(() -> asked.apply(two.store()), two.background());
          while (!answer.isDone() && !isWaitedFor(connection)) {
            Thread.onSpinWait();
          }
          return answer;
        })
        .join();
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static boolean isWaitedFor(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var row =
            statement.executeQuery(
                """
                SELECT EXISTS (SELECT FROM pg_locks
                  WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))
                """)) {
      return row.next() && row.getBoolean(1);
    }
  }

  private void delivered() {
    enqueue();
    assertThat(claim().claims()).hasSize(1);
    assertThat(settle(ACCEPTED, new NextStep.Done())).isTrue();
  }

  private void exhausted() {
    enqueue();
    assertThat(claim().claims()).hasSize(1);
    NextStep end = new NextStep.GiveUp(NextStep.Ending.EXHAUSTED, "no more");
    assertThat(settle(FAILED, end)).isTrue();
  }

  private void enqueue() {
    var _ = enqueue(one.store(), Samples.delivery(SCOPE, ID.value(), "e"));
  }

  private static List<Enqueued> enqueue(PostgresStore node, NewDelivery delivery) {
    return done(node.queue().enqueue(List.of(new Entry(delivery, null, NOW))));
  }

  private Claimed claim() {
    return claim(NOW);
  }

  private Claimed claim(Instant dueBy) {
    return done(one.store().queue().claimDue(SCOPE, new Room(9, 999), dueBy, LEASE));
  }

  private boolean settle(AttemptResult result, NextStep next) {
    Claim claim = new Claim(ID, SCOPE, CONFIG, 1, 0, 0, Samples.payload("e"));
    Attempt attempt = new Attempt(1, NOW, Duration.ZERO, result);
    Settlement settlement = new Settlement(claim, attempt, next, NOW);
    return done(one.store().queue().settle(List.of(settlement))).getFirst();
  }

  private Delivery delivery() {
    return one.store().book().find(SCOPE, ID).orElseThrow();
  }

  private static RetryOutcome retry(PostgresStore node) {
    return node.book().retry(SCOPE, ID, CONFIG, NOW, Samples.entry());
  }

  private Replay started() {
    Instant from = NOW.minusSeconds(60);
    Instant before = NOW.plusSeconds(60);
    DeliveryFilter filter = new DeliveryFilter(null, null, null, null, null, null, from, before);
    Replay replay =
        new Replay(
            REPLAY,
            SCOPE,
            new ReplayPlan("x", filter, 100, ""),
            ReplayState.RUNNING,
            ReplayTally.of(1),
            null,
            NOW,
            NOW,
            null);
    assertThat(one.store().replays().start(replay, 9, Samples.entry()))
        .isEqualTo(new Started.Stored());
    return replay;
  }

  private Replay replay() {
    return one.store().replays().find(SCOPE, REPLAY).orElseThrow();
  }

  private static Replay step(PostgresStore node, Replay replay) {
    return done(node.replays().step(replay, 9, NOW));
  }

  private static <T extends @Nullable Object> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
