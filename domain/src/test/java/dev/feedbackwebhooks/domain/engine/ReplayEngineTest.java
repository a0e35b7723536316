package dev.feedbackwebhooks.domain.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.access.Actor;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryIds;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.delivery.IdSeries;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.delivery.SendReason;
import dev.feedbackwebhooks.domain.engine.EngineHarness.Request;
import dev.feedbackwebhooks.domain.replay.Replay;
import dev.feedbackwebhooks.domain.replay.ReplayPlan;
import dev.feedbackwebhooks.domain.replay.ReplayRunner;
import dev.feedbackwebhooks.domain.replay.ReplayState;
import dev.feedbackwebhooks.domain.replay.ReplayStore;
import dev.feedbackwebhooks.domain.replay.Replays;
import dev.feedbackwebhooks.domain.testing.InMemoryJobLeases;
import dev.feedbackwebhooks.domain.testing.InMemoryReplays;
import dev.feedbackwebhooks.domain.testing.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Replays with the engine that sends what they queue, by a clock that the test sets. */
class ReplayEngineTest {
  private static final Scope A = new Scope("o", "a");
  private static final AttemptResult OK = new AttemptResult.Accepted(200);
  private static final Duration TICK = Duration.ofMillis(50);

  private final EngineHarness t = new EngineHarness(limits());
  private final InMemoryReplays store = new InMemoryReplays(t.deliveries, t.store);
  private final DeliveryIds ids = new DeliveryIds(t.clock, IdSeries.whole(1L << 62));
  private final InMemoryJobLeases duties = new InMemoryJobLeases(t.clock);
  private ReplayRunner runner = process();

  /** Whether requests are answered as they come. */
  private boolean answering = true;

  private ReplayRunner process() {
    return new ReplayRunner(
        new ReplayRunner.Ports(store, duties.process(), t, t.mailbox), t.engine, t.clock);
  }

  private static EngineLimits limits() {
    return new EngineLimits(8, 100, 1 << 20, Duration.ofSeconds(60));
  }

  @BeforeEach
  void configuration() {
    t.config(A);
  }

  @Test
  void queuesAsMuchInASecondAsItsPlanSaysAndNoMore() {
    delivered(400);
    Replay replay = start(40);
    for (int second = 1; second <= 5; second++) {
      run(Duration.ofSeconds(1));
      assertThat(now(replay).tally().replayed()).isBetween(40L * second - 4, 40L * second + 4);
    }
    run(Duration.ofSeconds(6));
    assertThat(now(replay).state()).isEqualTo(ReplayState.SUCCEEDED);
    assertThat(now(replay).tally().replayed()).isEqualTo(400);
  }

  @Test
  void aRateBelowATickIsKeptToo() {
    delivered(10);
    Replay replay = start(1);
    run(Duration.ofMillis(900));
    assertThat(now(replay).tally().replayed()).isZero();
    run(Duration.ofMillis(4_200));
    assertThat(now(replay).tally().replayed()).isEqualTo(5);
  }

  @Test
  void timeInWhichItStoodStillAndAClockThatJumpsGiveNoBurst() {
    delivered(400);
    Replay replay = start(40);
    t.clock.advance(Duration.ofHours(1));
    run(Duration.ofSeconds(1));
    assertThat(now(replay).tally().replayed()).as("set forward").isBetween(36L, 48L);
    t.clock.advance(Duration.ofHours(-2));
    run(Duration.ofSeconds(1));
    assertThat(now(replay).tally().replayed()).as("set back").isBetween(72L, 92L);
  }

  @Test
  void anotherProcessGoesOnWhereItStoppedAndQueuesNoneTwice() {
    delivered(100);
    Replay replay = start(40);
    run(Duration.ofSeconds(1));
    long before = now(replay).tally().replayed();
    assertThat(before).isBetween(36L, 44L);
    runner.stop();
    run(Duration.ofSeconds(1));
    assertThat(now(replay).tally().replayed()).as("stopped").isEqualTo(before);

    runner = process();
    runner.start();
    run(Duration.ofSeconds(3));
    assertThat(now(replay).state()).isEqualTo(ReplayState.SUCCEEDED);
    assertThat(now(replay).tally().replayed()).isEqualTo(100);
    assertThat(t.listed(A, DeliveryState.DELIVERED))
        .extracting(Delivery::attemptCount)
        .hasSize(100)
        .containsOnly(2);
  }

  @Test
  void aStoreThatFailsIsAskedAgainAfterASecond() {
    delivered(10);
    Replay replay = start(100);
    store.fail(new IllegalStateException("disk"));
    run(Duration.ofMillis(300));
    assertThat(t.heard).containsOnlyOnce("failed replay");
    store.fail(null);
    run(Duration.ofMillis(600));
    assertThat(now(replay).tally().replayed()).isZero();
    run(Duration.ofMillis(600));
    assertThat(now(replay).state()).isEqualTo(ReplayState.SUCCEEDED);
  }

  @Test
  void whatIsFreshGoesFirstAndReplaysUseHalfOfALane() {
    delivered(50);
    answering = false;
    var _ = start(10_000);
    run(Duration.ofSeconds(1));
    assertThat(t.sent).as("half of eight").hasSize(4);
    assertThat(t.sent).allMatch(ReplayEngineTest::isReplay);
    fresh(6);
    assertThat(t.sent).hasSize(8);
    assertThat(t.sent.subList(4, 8)).noneMatch(ReplayEngineTest::isReplay);
    t.answer(OK);
    assertThat(t.sent.getLast()).as("the next is fresh").doesNotMatch(ReplayEngineTest::isReplay);
    t.answer(OK);
    assertThat(t.sent.getLast())
        .as("and the last fresh one")
        .doesNotMatch(ReplayEngineTest::isReplay);
    t.answer(OK);
    assertThat(t.sent.getLast()).as("then replays").matches(ReplayEngineTest::isReplay);
  }

  @Test
  void anEndpointThatIsSlowHoldsTheReplayUpNotItsQueue() {
    delivered(300);
    answering = false;
    Replay replay = start(10_000);
    run(Duration.ofSeconds(5));
    assertThat(now(replay).tally().replayed()).isEqualTo(ReplayStore.MOST_QUEUED);
    answering = true;
    run(Duration.ofSeconds(5));
    assertThat(now(replay).tally().replayed()).isEqualTo(300);
  }

  @Test
  void whatIsOverIsForgottenAfterAMonth() {
    Replay replay = start(100);
    run(Duration.ofSeconds(1));
    assertThat(now(replay).over()).isTrue();
    t.clock.advance(ReplayRunner.KEPT.minusSeconds(10));
    run(TICK);
    assertThat(store.list(A, null, null, 10)).hasSize(1);
    t.clock.advance(Duration.ofHours(2));
    run(TICK);
    assertThat(store.list(A, null, null, 10)).isEmpty();
  }

  private static boolean isReplay(Request request) {
    return request.post().purpose() instanceof SendReason.Replay;
  }

  private void delivered(int count) {
    var _ = t.enqueue(A, count);
    answerAll();
    assertThat(t.listed(A, DeliveryState.DELIVERED)).hasSize(count);
    t.clock.advance(Duration.ofMinutes(1));
  }

  private void fresh(int count) {
    List<NewDelivery> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(
          new NewDelivery(
              t.engine.nextId(),
              A,
              Samples.config().id(),
              Samples.subject("fresh-" + i),
              List.of(),
              Samples.payload("fresh-" + i)));
    }
    var _ = t.engine.enqueue(events);
    t.mailbox.runAll();
  }

  private void answerAll() {
    while (!t.sent.isEmpty()) {
      var _ = t.answer(OK);
    }
  }

  private void run(Duration time) {
    for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(TICK)) {
      t.clock.advance(TICK);
      runner.tick();
      t.engine.tick();
      t.mailbox.runAll();
      if (answering) {
        answerAll();
      }
    }
  }

  private Replay start(int perSecond) {
    Instant now = t.clock.instant();
    DeliveryFilter filter =
        new DeliveryFilter(null, null, null, null, null, null, Samples.NOW.minusSeconds(60), now);
    return new Replays(store, t.configs, runner, ids, t.clock)
        .start(new Actor.Anonymous(), A, new ReplayPlan("create_time …", filter, perSecond, ""));
  }

  private Replay now(Replay replay) {
    return store.find(A, replay.id()).orElseThrow();
  }
}
