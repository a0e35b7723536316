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
import dev.feedbackwebhooks.domain.replay.Replay;
import dev.feedbackwebhooks.domain.replay.ReplayPlan;
import dev.feedbackwebhooks.domain.replay.ReplayRunner;
import dev.feedbackwebhooks.domain.replay.ReplayState;
import dev.feedbackwebhooks.domain.replay.Replays;
import dev.feedbackwebhooks.domain.testing.InMemoryJobLeases;
import dev.feedbackwebhooks.domain.testing.InMemoryReplays;
import dev.feedbackwebhooks.domain.testing.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Replays that two nodes know of, on one store and by one clock that the test sets. */
class ReplayNodesTest {
  private static final Scope A = new Scope("o", "a");
  private static final Actor WHO = new Actor.Anonymous();
  private static final Duration TICK = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofMinutes(10);

  private final EngineHarness t =
      new EngineHarness(new EngineLimits(8, 100, 1 << 20, Duration.ofSeconds(60)));
  private final InMemoryReplays store = new InMemoryReplays(t.deliveries, t.store);
  private final InMemoryJobLeases duties = new InMemoryJobLeases(t.clock);
  private final DeliveryIds ids = new DeliveryIds(t.clock, IdSeries.whole(1L << 62));
  private final Node one = new Node();
  private final Node other = new Node();

  /** Those that live. */
  private final List<Node> nodes = new ArrayList<>(List.of(one, other));

  /** What two nodes have apart from each other. */
  private final class Node {
    final ReplayRunner runner =
        new ReplayRunner(
            new ReplayRunner.Ports(store, duties.process(), t, t.mailbox), t.engine, t.clock);
    final Replays replays = new Replays(store, t.configs, runner, ids, t.clock);

    CompletableFuture<Replay> awaitEnd(Replay replay) {
      return replays.awaitEnd(A, replay.id(), LONG).toCompletableFuture();
    }
  }

  @BeforeEach
  void deliveries() {
    t.config(A);
    var _ = t.enqueue(A, 800);
    answerAll();
    t.clock.advance(Duration.ofMinutes(1));
  }

  @Test
  void theRateIsTheReplaysHoweverManyNodesThereAre() {
    Replay replay = start(40);
    for (int second = 1; second <= 5; second++) {
      run(Duration.ofSeconds(1));
      assertThat(replayed(replay)).isBetween(40L * second - 4, 40L * second + 4);
    }
  }

  @Test
  void whenItsNodeDiesTheOtherGoesOnWithinTenSecondsAndWithoutABurst() {
    Replay replay = start(40);
    run(Duration.ofSeconds(5));
    nodes.remove(one);
    long before = replayed(replay);
    run(Duration.ofSeconds(7));
    assertThat(replayed(replay)).as("it may live still").isEqualTo(before);
    run(Duration.ofMillis(3_200));
    long after = replayed(replay);
    assertThat(after).as("within ten seconds").isBetween(before + 1, before + 135);
    run(Duration.ofSeconds(5));
    assertThat(replayed(replay)).isBetween(after + 195, after + 205);
    run(Duration.ofSeconds(20));
    assertThat(now(replay).state()).isEqualTo(ReplayState.SUCCEEDED);
    assertThat(t.listed(A, DeliveryState.DELIVERED))
        .as("each once")
        .extracting(Delivery::attemptCount)
        .hasSize(800)
        .containsOnly(2);
  }

  @Test
  void aNodeThatEndsInOrderIsFollowedAtOnce() {
    Replay replay = start(40);
    run(Duration.ofSeconds(5));
    one.runner.stop();
    nodes.remove(one);
    long before = replayed(replay);
    run(Duration.ofSeconds(4));
    assertThat(replayed(replay)).isBetween(before + 60, before + 164);
  }

  @Test
  void aNodeThatStoodStillIsNotItsRunnerAnyMore() {
    Replay replay = start(40);
    run(Duration.ofSeconds(5));
    nodes.remove(one);
    run(Duration.ofSeconds(11));
    long before = replayed(replay);
    nodes.add(one);
    run(Duration.ofSeconds(5));
    assertThat(replayed(replay)).isBetween(before + 195, before + 205);
  }

  @Test
  void whoeverWaitsHearsOfTheEndOnEitherNode() {
    Replay replay = start(100);
    CompletableFuture<Replay> here = one.awaitEnd(replay);
    CompletableFuture<Replay> there = other.awaitEnd(replay);
    run(Duration.ofSeconds(5));
    assertThat(here).isNotDone();
    assertThat(there).isNotDone();
    run(Duration.ofSeconds(6));
    assertThat(here.join().state()).isEqualTo(ReplayState.SUCCEEDED);
    assertThat(there.join()).isEqualTo(here.join());
    assertThat(other.awaitEnd(replay).join()).as("it was over").isEqualTo(here.join());
  }

  @Test
  void whoIsTiredOfWaitingHearsHowItStands() {
    Replay replay = start(100);
    run(Duration.ofSeconds(3));
    Replay there =
        other.replays.awaitEnd(A, replay.id(), Duration.ZERO).toCompletableFuture().join();
    assertThat(there.over()).isFalse();
    assertThat(there.tally().replayed()).as("a second old at most").isBetween(190L, 310L);
  }

  @Test
  void eitherNodeEndsIt() {
    Replay replay = start(40);
    run(Duration.ofSeconds(2));
    CompletableFuture<Replay> here = one.awaitEnd(replay);
    other.replays.cancel(WHO, A, replay.id());
    long before = replayed(replay);
    run(Duration.ofSeconds(2));
    assertThat(replayed(replay)).isEqualTo(before);
    assertThat(here.join().state()).isEqualTo(ReplayState.CANCELLED);
    other.replays.delete(WHO, A, replay.id());
    run(Duration.ofSeconds(20));
    assertThat(store.list(A, null, null, 10)).isEmpty();
  }

  private void answerAll() {
    while (!t.sent.isEmpty()) {
      var _ = t.answer(new AttemptResult.Accepted(200));
    }
  }

  private void run(Duration time) {
    for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(TICK)) {
      t.clock.advance(TICK);
      nodes.forEach(node -> node.runner.tick());
      t.engine.tick();
      t.mailbox.runAll();
      answerAll();
    }
  }

  private Replay start(int perSecond) {
    Instant now = t.clock.instant();
    DeliveryFilter filter =
        new DeliveryFilter(null, null, null, null, null, null, Samples.NOW.minusSeconds(60), now);
    return one.replays.start(WHO, A, new ReplayPlan("create_time …", filter, perSecond, ""));
  }

  private Replay now(Replay replay) {
    return store.find(A, replay.id()).orElseThrow();
  }

  private long replayed(Replay replay) {
    return now(replay).tally().replayed();
  }
}
