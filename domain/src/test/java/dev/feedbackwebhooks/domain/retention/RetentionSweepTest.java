package dev.feedbackwebhooks.domain.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.engine.EngineHarness;
import dev.feedbackwebhooks.domain.node.JobLeases;
import dev.feedbackwebhooks.domain.retention.DeliveryPurge.Step;
import dev.feedbackwebhooks.domain.testing.InMemoryJobLeases;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.domain.testing.SettableClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RetentionSweepTest {
  private static final Retention RETENTION =
      new Retention(Duration.ofDays(7), Duration.ofDays(30), Duration.ofDays(1));

  private final SettableClock clock = new SettableClock(Samples.NOW);
  private final Asked purge = new Asked();
  private final EngineHarness harness = new EngineHarness();
  private final InMemoryJobLeases duties = new InMemoryJobLeases(clock);
  private final RetentionSweep sweep = sweep(purge);

  private RetentionSweep sweep(DeliveryPurge of) {
    return new RetentionSweep(of, duties.process(), RETENTION, harness, clock);
  }

  @Test
  void asksForWhatIsOlderThanItIsToBeKept() {
    sweep.tick();
    assertThat(purge.expiry)
        .isEqualTo(
            new Retention.Expiry(
                Samples.NOW.minus(Duration.ofDays(7)),
                Samples.NOW.minus(Duration.ofDays(30)),
                Samples.NOW.minus(Duration.ofDays(1))));
    assertThat(purge.expiry.latest()).isEqualTo(Samples.NOW.minus(Duration.ofDays(1)));
  }

  /** Those who share a store go by its clock, whatever their own machine takes for now. */
  @Test
  void aMachineWhoseClockIsAheadRemovesNothingEarlier() {
    SettableClock wrong = new SettableClock(Samples.NOW.plus(Duration.ofDays(40)));
    new RetentionSweep(purge, duties.process(), RETENTION, harness, wrong).tick();
    assertThat(purge.expiry).isEqualTo(RETENTION.at(Samples.NOW));
  }

  @Test
  void goesOnWhereTheStepBeforeEndedAndOnceThroughRestsForAMinute() {
    sweep.tick();
    sweep.tick();
    assertThat(purge.after).as("one step at a time").hasSize(1);
    purge.answer(new Step(256, 3, new DeliveryId(256)));
    sweep.tick();
    assertThat(purge.after).containsExactly(null, new DeliveryId(256));
    purge.answer(new Step(4, 0, null));
    sweep.tick();
    clock.advance(RetentionSweep.PAUSE.minusMillis(1));
    sweep.tick();
    assertThat(purge.after).hasSize(2);
    clock.advance(Duration.ofMillis(1));
    sweep.tick();
    assertThat(purge.after).containsExactly(null, new DeliveryId(256), null);
    assertThat(harness.heard).containsExactly("purged 256 3", "purged 4 0");
  }

  @Test
  void beginsAnewAMinuteAfterAFailure() {
    sweep.tick();
    purge.answer(new Step(1, 0, new DeliveryId(1)));
    sweep.tick();
    purge.fail();
    assertThat(harness.heard).contains("failed purge");
    sweep.tick();
    assertThat(purge.after).hasSize(2);
    clock.advance(RetentionSweep.PAUSE);
    sweep.tick();
    assertThat(purge.after).containsExactly(null, new DeliveryId(1), null);
  }

  @Test
  void aClockThatIsSetBackDoesNotStopIt() {
    sweep.tick();
    purge.answer(new Step(0, 0, null));
    clock.advance(Duration.ofDays(-1));
    sweep.tick();
    assertThat(purge.after).hasSize(2);
  }

  @Test
  void beginsNothingOnceItIsStopped() {
    sweep.tick();
    purge.answer(new Step(1, 0, new DeliveryId(1)));
    sweep.stop();
    sweep.tick();
    assertThat(purge.after).hasSize(1);
  }

  @Test
  void oneProcessDoesItAndAnotherOnceThatIsDeadOrStopped() {
    Asked others = new Asked();
    RetentionSweep other = sweep(others);
    sweep.tick();
    other.tick();
    assertThat(purge.after).hasSize(1);
    assertThat(others.after).isEmpty();
    clock.advance(JobLeases.HELD);
    other.tick();
    assertThat(others.after).hasSize(1);
    purge.answer(new Step(1, 0, new DeliveryId(1)));
    sweep.tick();
    assertThat(purge.after).as("lost it").hasSize(1);
    other.stop();
    clock.advance(RetentionSweep.PAUSE);
    sweep.tick();
    assertThat(purge.after).as("goes on").containsExactly(null, new DeliveryId(1));
  }

  /** Keeps what it is asked for, and answers when it is told to. */
  private static final class Asked implements DeliveryPurge {
    private final List<@Nullable DeliveryId> after = new ArrayList<>();
    private final ArrayDeque<CompletableFuture<Step>> open = new ArrayDeque<>();
    private Retention.Expiry expiry = RETENTION.at(Samples.NOW.minusSeconds(1));

    @Override
    public CompletionStage<Step> purge(Retention.Expiry expiry, @Nullable DeliveryId last) {
      this.expiry = expiry;
      after.addAll(Arrays.asList(last));
      open.add(new CompletableFuture<>());
      return open.getLast();
    }

    void answer(Step step) {
      open.remove().complete(step);
    }

    void fail() {
      open.remove().completeExceptionally(new IllegalStateException("no disk"));
    }
  }
}
