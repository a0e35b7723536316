package dev.feedbackwebhooks.domain.engine;

import static dev.feedbackwebhooks.domain.delivery.DeliveryState.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.AttemptDetail;
import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.config.ConfigDraft;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.delivery.Payload;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.domain.testing.Samples;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeliveryEngineTest {
  private static final Scope A = new Scope("o", "a");
  private static final Scope B = new Scope("o", "b");
  private static final AttemptResult OK = new AttemptResult.Accepted(200);
  private static final AttemptResult TIMEOUT =
      new AttemptResult.Retryable(AttemptFailure.TIMEOUT, 0, null, "late");
  private static final AttemptResult BUSY =
      new AttemptResult.Retryable(AttemptFailure.HTTP_STATUS, 503, null, "HTTP 503");

  private final EngineHarness t = new EngineHarness();

  @Test
  void whatIsTakenInGoesStraightOutAndIsSettled() {
    t.config(A);
    t.enqueue(A, 1);
    assertThat(t.answer(OK).post().attempt()).isEqualTo(1);
    assertThat(t.listed(A, DELIVERED)).hasSize(1);
  }

  @Test
  void aLaneHasNoMoreInFlightThanItsWidthAndNobodyWaitsForIt() {
    t.config(A);
    t.config(B);
    t.enqueue(A, 50);
    assertThat(t.sent).hasSize(4);
    t.enqueue(B, 1);
    assertThat(t.sent).hasSize(5);
    assertThat(t.sent.getLast().post().config().scope()).isEqualTo(B);
    t.answer(OK);
    assertThat(t.sent).as("an answer lets the next one out").hasSize(5);
  }

  @Test
  void aRetryComesAtItsTimeWithTheNextNumber() {
    t.config(A);
    t.enqueue(A, 1);
    t.answer(BUSY);
    t.after(Duration.ofMillis(4_999));
    assertThat(t.sent).isEmpty();
    t.after(Duration.ofMillis(1));
    assertThat(t.answer(BUSY).post().attempt()).isEqualTo(2);
    t.after(Duration.ofSeconds(50));
    assertThat(t.answer(BUSY).post().attempt()).isEqualTo(3);
    assertThat(t.listed(A, EXHAUSTED))
        .first()
        .satisfies(one -> assertThat(one.stateReason()).contains("3 attempts: HTTP 503"));
  }

  @Test
  void anEndpointThatTimesOutIsProbedAndReopensByARamp() {
    t.config(A);
    t.enqueue(A, 20);
    for (int i = 0; i < LaneWidth.TIMEOUTS_TO_TRIP; i++) {
      t.answer(TIMEOUT);
    }
    assertThat(t.heard).containsExactly("shrunk a");
    while (t.sent.size() > 1) {
      t.answer(TIMEOUT);
    }
    assertThat(t.sent).as("one probe at a time").hasSize(1);
    t.answer(OK);
    assertThat(t.sent).hasSize(2);
    t.answer(OK);
    t.answer(OK);
    assertThat(t.heard).containsExactly("shrunk a", "reopened a");
    assertThat(t.sent).hasSize(4);
  }

  @Test
  void deliveriesOfADisabledConfigurationWaitUntilItIsEnabledAndThenBeginGently() {
    t.config(A);
    t.enqueue(A, 10);
    disable(A);
    for (int i = 0; i < 4; i++) {
      t.answer(OK);
    }
    assertThat(t.sent).isEmpty();
    assertThat(t.listed(A, HELD)).hasSize(6);
    t.after(Duration.ofHours(1));
    assertThat(t.sent).isEmpty();
    enable(A);
    assertThat(t.sent).hasSize(1);
    t.answer(OK);
    assertThat(t.sent).hasSize(2);
  }

  @Test
  void deliveriesOfADeletedConfigurationAreCancelled() {
    t.config(A);
    t.enqueue(A, 6);
    t.answer(BUSY);
    t.configs.delete(Samples.WHO, A, "");
    t.mailbox.runAll();
    for (int i = t.sent.size(); i > 0; i--) {
      t.answer(OK);
    }
    assertThat(t.listed(A, CANCELLED)).hasSize(2);
    t.after(Duration.ofSeconds(5));
    assertThat(t.sent).isEmpty();
    t.config(A);
    assertThat(t.listed(A, CANCELLED)).as("on disk, not only derived").hasSize(2);
  }

  @Test
  void goneDisablesTheConfiguration() {
    t.config(A);
    t.enqueue(A, 1);
    t.answer(new AttemptResult.Refused(410, "HTTP 410"));
    assertThat(t.heard).containsExactly("disabled a");
    assertThat(t.configs.get(A).status().active()).isFalse();
    assertThat(t.listed(A, REFUSED)).hasSize(1);
  }

  @Test
  void aClaimWhoseLeaseFellChangesNothingAnyMore() {
    t.config(A);
    t.enqueue(A, 1);
    t.clock.advance(Duration.ofSeconds(60));
    DeliveryEngine other =
        t.process(new EngineLimits(4, 100, 1 << 20, Duration.ofSeconds(60)), 1_000);
    var _ = other.start();
    t.mailbox.runAll();
    assertThat(t.sent).hasSize(2);
    t.answer(OK);
    assertThat(t.heard).containsExactly("fenced");
    assertThat(t.listed(A, CLAIMED)).hasSize(1);
    t.answer(OK);
    assertThat(t.listed(A, DELIVERED)).hasSize(1);
  }

  @Test
  void whatAnotherProcessClaimedWhileThisOneStoodStillIsNotSentByThisOne() {
    t.config(A);
    t.enqueue(A, 5);
    t.clock.advance(Duration.ofSeconds(61));
    DeliveryEngine other =
        t.process(new EngineLimits(9, 100, 1 << 20, Duration.ofSeconds(60)), 1_000);
    var _ = other.start();
    t.mailbox.runAll();
    assertThat(t.sent).as("four of this one, and at a ramp one of the other").hasSize(5);
    for (int i = 0; i < 2; i++) {
      t.sent.removeLast().answer().complete(new FeedbackSender.Sent(OK, AttemptDetail.NONE));
      t.mailbox.runAll();
    }
    assertThat(t.sent).as("and the rest of the other's").hasSize(7);
    t.after(Duration.ofMillis(50));
    for (int i = 0; i < 4; i++) {
      var _ = t.answer(OK);
    }
    assertThat(t.sent).as("those of the other one").hasSize(3);
  }

  @Test
  void leasesAreRenewedWhileARequestIsInFlight() {
    t.config(A);
    t.enqueue(A, 1);
    for (int i = 0; i < 30; i++) {
      t.after(Duration.ofSeconds(10));
    }
    assertThat(t.sent).hasSize(1);
    t.answer(OK);
    assertThat(t.heard).isEmpty();
    assertThat(t.listed(A, DELIVERED)).hasSize(1);
  }

  @Test
  void aSettlementThatTheStoreWouldNotTakeIsWrittenLater() {
    t.config(A);
    t.enqueue(A, 1);
    t.deliveries.fail(new Fault.Unavailable(Reason.STORE_UNAVAILABLE, "no", Duration.ZERO));
    t.answer(OK);
    assertThat(t.heard).contains("failed settle");
    t.deliveries.fail(null);
    t.after(SettlementWriter.PAUSE);
    assertThat(t.listed(A, DELIVERED)).hasSize(1);
  }

  @Test
  void aFailedEnqueueIsSaidAndItsRoomIsGivenBack() {
    t.config(A);
    t.deliveries.fail(new Fault.Unavailable(Reason.STORE_UNAVAILABLE, "no", Duration.ZERO));
    CompletableFuture<?> refused =
        t.engine
            .enqueue(
                List.of(
                    new NewDelivery(
                        t.engine.nextId(),
                        A,
                        1,
                        Samples.subject("x"),
                        List.of(),
                        Payload.of(new byte[200 << 10]))))
            .toCompletableFuture();
    assertThat(refused).isCompletedExceptionally();
    t.deliveries.fail(null);
    t.enqueue(A, 1);
    assertThat(t.sent).hasSize(1);
  }

  @Test
  void aDrainTakesNothingNewGivesBackWhatItDidNotBeginAndWaitsForTheRest() {
    t.config(A);
    t.enqueue(A, 10);
    CompletableFuture<Void> drained = t.engine.drain().toCompletableFuture();
    t.mailbox.runAll();
    assertThat(t.listed(A, WAITING)).hasSize(6);
    for (int i = 0; i < 4; i++) {
      assertThat(drained).isNotDone();
      t.answer(OK);
    }
    assertThat(drained).isCompleted();
    assertThat(t.sent).isEmpty();
    assertThat(t.listed(A, DELIVERED)).hasSize(4);
    assertThat(t.engine.enqueue(List.of()).toCompletableFuture()).isCompletedExceptionally();
  }

  @Test
  void theBoundOnAllRequestsHoldsAndEveryLaneGetsItsTurn() {
    EngineHarness small =
        new EngineHarness(new EngineLimits(4, 3, 1 << 20, Duration.ofSeconds(60)));
    Set<Scope> served = new HashSet<>();
    for (int i = 0; i < 10; i++) {
      Scope scope = new Scope("o", "s" + i);
      small.config(scope);
      small.enqueue(scope, 5);
    }
    for (int i = 0; i < 50; i++) {
      assertThat(small.sent.size()).isBetween(1, 3);
      served.add(small.answer(OK).post().config().scope());
      if (i == 19) {
        assertThat(served).as("within two turns of each").hasSize(10);
      }
    }
    assertThat(small.sent).isEmpty();
  }

  @Test
  void aConfigurationThatCannotBeReadHoldsUpItsLaneOnlyAsLongAsThat() {
    t.config(A);
    t.config(B);
    t.outage = true;
    t.enqueue(A, 2);
    assertThat(t.sent).isEmpty();
    assertThat(t.heard).containsOnly("failed configuration");
    t.outage = false;
    t.enqueue(B, 1);
    assertThat(t.sent).hasSize(1);
    t.after(Duration.ofMillis(50));
    assertThat(t.sent).hasSize(3);
  }

  @Test
  void thatAnOldUrlIsGoneSaysNothingOfTheNewOne() {
    t.config(A);
    t.enqueue(A, 1);
    ConfigDraft moved = Samples.draft(A, "https://hooks.example.com/moved");
    var _ = t.configs.update(Samples.WHO, t.configs.get(A), moved, false);
    t.mailbox.runAll();
    t.answer(new AttemptResult.Refused(410, "HTTP 410"));
    assertThat(t.configs.get(A).status().active()).isTrue();
    t.after(Duration.ofSeconds(5));
    assertThat(t.answer(OK).post().config().url().target()).isEqualTo("/moved");
    assertThat(t.listed(A, DELIVERED)).hasSize(1);
  }

  @Test
  void aLaneThatWaitsForOthersRequestsGetsItsTurnWhateverBecomesOfThoseBeforeIt() {
    EngineHarness small =
        new EngineHarness(new EngineLimits(4, 2, 1 << 20, Duration.ofSeconds(60)));
    List<Scope> scopes = IntStream.range(0, 5).mapToObj(i -> new Scope("o", "s" + i)).toList();
    for (Scope scope : scopes) {
      small.config(scope);
      small.enqueue(scope, 1);
    }
    for (Scope scope : scopes.subList(2, 4)) {
      assertThat(small.configs.disableByEndpoint(small.configs.get(scope), small.clock.instant()))
          .isTrue();
    }
    small.mailbox.runAll();
    small.answer(OK);
    small.answer(OK);
    small.after(Duration.ofMillis(50));
    assertThat(small.answer(OK).post().config().scope()).isEqualTo(scopes.getLast());
  }

  @Test
  void aStoreThatIsGoneWhileAnEndpointSaysGoneCostsNothing() {
    t.config(A);
    t.enqueue(A, 1);
    var _ = t.configs.update(Samples.WHO, t.configs.get(A), Samples.draft(A), false);
    t.outage = true;
    t.answer(new AttemptResult.Refused(410, "HTTP 410"));
    t.outage = false;
    t.after(Duration.ofSeconds(5));
    t.answer(new AttemptResult.Refused(410, "HTTP 410"));
    assertThat(t.listed(A, REFUSED)).hasSize(1);
    assertThat(t.configs.get(A).status().active()).isFalse();
  }

  @Test
  void aStoreThatFailsIsAskedOnceASecondWhateverWaitsForIt() {
    t.config(A);
    t.enqueue(A, 40);
    t.deliveries.fail(new Fault.Unavailable(Reason.STORE_UNAVAILABLE, "no", Duration.ZERO));
    for (int i = 0; i < 40; i++) {
      var _ = t.answer(OK);
    }
    for (int i = 0; i < 100; i++) {
      t.after(Duration.ofMillis(50));
    }
    assertThat(t.heard.stream().filter("failed settle"::equals).count()).isLessThan(10);
    t.deliveries.fail(null);
    t.after(SettlementWriter.PAUSE);
    assertThat(t.listed(A, DELIVERED)).hasSize(40);
  }

  @Test
  void allDeliveriesOfADeletedConfigurationAreCancelledWheneverTheyAreDue() {
    t.config(A);
    t.enqueue(A, 50);
    while (!t.sent.isEmpty()) {
      t.answer(BUSY);
    }
    t.configs.delete(Samples.WHO, A, "");
    t.mailbox.runAll();
    t.after(Duration.ofMillis(50));
    assertThat(t.heard.stream().filter("cancelled"::equals)).hasSize(50);
  }

  @Test
  void aPausedLaneRampsUpWhenItGoesOnHoweverLittleItHas() {
    t.config(A);
    t.enqueue(A, 5);
    disable(A);
    for (int i = 0; i < 4; i++) {
      t.answer(BUSY);
    }
    t.after(Duration.ofMinutes(2));
    enable(A);
    assertThat(t.sent).hasSize(1);
    t.answer(OK);
    assertThat(t.sent).hasSize(2);
  }

  @Test
  void whatIsInFlightWhenADrainIsAbandonedCountsAsNotTried() {
    t.config(A);
    t.enqueue(A, 1);
    var _ = t.engine.drain();
    var abandoned = t.engine.abandon().toCompletableFuture();
    t.mailbox.runAll();
    assertThat(abandoned).isCompleted();
    t.answer(BUSY);
    assertThat(t.listed(A, CLAIMED))
        .first()
        .satisfies(one -> assertThat(one.attemptCount()).isZero());
  }

  @Test
  void aBugOfTheSenderIsARetryableAttempt() {
    t.config(A);
    t.enqueue(A, 1);
    t.sent.removeFirst().answer().completeExceptionally(new IllegalStateException("bug"));
    t.mailbox.runAll();
    assertThat(t.listed(A, WAITING)).hasSize(1);
  }

  private void disable(Scope scope) {
    assertThat(t.configs.disableByEndpoint(t.configs.get(scope), t.clock.instant())).isTrue();
    t.mailbox.runAll();
  }

  private void enable(Scope scope) {
    WebhookConfig stored = t.configs.get(scope);
    var _ = t.configs.update(Samples.WHO, stored, Samples.draft(scope), false);
    t.mailbox.runAll();
  }
}
