package dev.feedbackwebhooks.domain.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.attempt.NextStep;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Claimed;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.EventName;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.LaneDue;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.delivery.DeliverySubject;
import dev.feedbackwebhooks.domain.delivery.Enqueued;
import dev.feedbackwebhooks.domain.delivery.MessageKey;
import dev.feedbackwebhooks.domain.delivery.MessageOrder;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.delivery.Settlement;
import dev.feedbackwebhooks.domain.delivery.TraceParent;
import dev.feedbackwebhooks.domain.fault.Failures;
import dev.feedbackwebhooks.domain.fault.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link DeliveryQueue} keeps. */
public abstract class DeliveryQueueContract extends DeliveryStoreContract {
  private static final MessageKey A = MessageKey.of(List.of("request", "a"));
  private static final MessageKey B = MessageKey.of(List.of("request", "b"));

  /** Takes the store away from those who use it, or gives it back to them. */
  protected abstract void reachable(boolean reachable);

  /** From now on the store refuses what is written of the delivery of this event. */
  protected abstract void refuse(String eventId);

  @BeforeEach
  void configuration() {
    assertThat(configs().insert(Samples.config(), Samples.entry())).isTrue();
  }

  @Test
  void anEventIsStoredOncePerScopeWhateverItSays() {
    assertThat(enqueue(delivery(1), delivery(2), Samples.delivery(SCOPE, 3, "e-1")))
        .containsExactly(
            new Enqueued.Stored(new DeliveryId(1)),
            new Enqueued.Stored(new DeliveryId(2)),
            new Enqueued.Duplicate(new DeliveryId(1)));
    assertThat(enqueue(Samples.delivery(SCOPE, 4, "e-2"), Samples.delivery(OTHER, 5, "e-2")))
        .containsExactly(
            new Enqueued.Duplicate(new DeliveryId(2)), new Enqueued.Stored(new DeliveryId(5)));
    assertThat(book().find(SCOPE, new DeliveryId(3))).isEmpty();
  }

  @Test
  void whatIsStoredIsKnownInItsScopeAndNothingElse() {
    enqueue(delivery(1), Samples.delivery(OTHER, 2, "e-2"));
    Scope never = new Scope("nobody", "nowhere");
    assertThat(
            done(
                queue()
                    .known(
                        List.of(
                            new EventName(SCOPE, "e-2"),
                            new EventName(SCOPE, "e-1"),
                            new EventName(OTHER, "e-2"),
                            new EventName(never, "e-1"),
                            new EventName(SCOPE, "e-1")))))
        .containsExactly(
            Optional.empty(),
            Optional.of(new DeliveryId(1)),
            Optional.of(new DeliveryId(2)),
            Optional.empty(),
            Optional.of(new DeliveryId(1)));
    assertThat(done(queue().known(List.of()))).isEmpty();
    assertThat(settle(claimOne(10), new NextStep.Done())).isTrue();
    assertThat(done(queue().known(List.of(new EventName(SCOPE, "e-1")))))
        .as("its delivery is over")
        .containsExactly(Optional.of(new DeliveryId(1)));
  }

  /** Who asks right behind a store call must not hear that there is nothing. */
  @Test
  void whatAnEarlierCallStoresIsKnownThoughNobodyWaitedForIt() {
    var stored = queue().enqueue(List.of(new DeliveryQueue.Entry(delivery(1), null, NOW)));
    var known = queue().known(List.of(new EventName(SCOPE, "e-1"), new EventName(SCOPE, "e-2")));
    var later = queue().enqueue(List.of(new DeliveryQueue.Entry(delivery(2), null, NOW)));
    assertThat(done(known)).startsWith(Optional.of(new DeliveryId(1)));
    assertThat(done(stored)).containsExactly(new Enqueued.Stored(new DeliveryId(1)));
    assertThat(done(later))
        .as("nobody stores what is only asked for")
        .containsExactly(new Enqueued.Stored(new DeliveryId(2)));
  }

  @Test
  void anEventIsKnownEvenWhenItsDeliveryIsOver() {
    enqueue(delivery(1));
    assertThat(settle(claimOne(10), new NextStep.Done())).isTrue();
    assertThat(enqueue(Samples.delivery(SCOPE, 2, "e-1")))
        .containsExactly(new Enqueued.Duplicate(new DeliveryId(1)));
  }

  @Test
  void aDeliveryThatIsStoredWithALeaseIsClaimedAlready() {
    done(queue().enqueue(List.of(new DeliveryQueue.Entry(delivery(1), lease(10), NOW))));
    assertThat(state(1)).isEqualTo(DeliveryState.CLAIMED);
    assertThat(claim(lease(11))).isEmpty();
    Claim straight = new Claim(new DeliveryId(1), SCOPE, 4711, 10, 0, 0, Samples.payload("e-1"));
    assertThat(settle(straight, new NextStep.Done())).isTrue();
  }

  @Test
  void whatIsStoredIsClaimedWithItsTrace() {
    TraceParent trace = new TraceParent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    NewDelivery plain = delivery(1);
    enqueue(
        new NewDelivery(
            plain.id(),
            plain.scope(),
            plain.configId(),
            plain.subject(),
            plain.turn(),
            plain.recipients(),
            plain.payload().in(trace)),
        delivery(2));
    assertThat(claim(lease(10)))
        .extracting(claim -> claim.payload().trace())
        .containsExactly(trace, null);
  }

  @Test
  void theOthersOfAMessageWaitUntilItsFirstIsOver() {
    enqueue(after(2, A), first(1, A), after(3, A), after(4, B), delivery(5));
    List<Claim> claims = claim(lease(10));
    assertThat(claims).extracting(Claim::id).containsExactlyInAnyOrder(id(1), id(5));
    Claim first = claims.stream().filter(one -> one.leads() != null).findFirst().orElseThrow();
    assertThat(first.id()).isEqualTo(id(1));
    assertThat(first.leads()).isEqualTo(A);
    assertThat(settle(first, new NextStep.RetryAt(NOW))).isTrue();
    Claim again = claimOne(11);
    assertThat(again.leads()).isEqualTo(A);
    assertThat(claim(lease(12))).as("it is to be tried again").isEmpty();
    assertThat(settleAccepted(again)).isTrue();
    assertThat(claim(lease(13))).extracting(Claim::id).containsExactlyInAnyOrder(id(2), id(3));
  }

  @Test
  void theFirstOfAMessageIsOverHoweverItEnds() {
    enqueue(first(1, A), after(2, A));
    assertThat(settle(claimOne(10), new NextStep.GiveUp(NextStep.Ending.EXHAUSTED, "enough")))
        .isTrue();
    enqueue(after(3, A));
    assertThat(claim(lease(11))).extracting(Claim::id).containsExactlyInAnyOrder(id(2), id(3));
  }

  @Test
  void theOthersWaitUntilAllFirstOnesAreOver() {
    enqueue(first(1, A), first(2, A), after(3, A));
    List<Claim> firsts = claim(lease(10));
    assertThat(settleAccepted(firsts.getFirst())).isTrue();
    assertThat(claim(lease(11))).as("another one is under way").isEmpty();
    assertThat(settleAccepted(firsts.getLast())).isTrue();
    assertThat(claim(lease(12))).extracting(Claim::id).containsExactly(id(3));
  }

  @Test
  void noneOfAMessageWaitsForLongerThanItsTime() {
    enqueue(first(1, A), after(2, A));
    Claim first = claimOne(10);
    Claimed none = done(queue().claimDue(SCOPE, ROOM, NOW.plusSeconds(29), lease(11)));
    assertThat(none).isEqualTo(new Claimed(List.of(), NOW.plusSeconds(30)));
    Claimed due = done(queue().claimDue(SCOPE, ROOM, NOW.plusSeconds(30), lease(12)));
    assertThat(due.claims()).extracting(Claim::id).containsExactly(id(2));
    assertThat(settle(due.claims().getFirst(), new NextStep.RetryAt(NOW.plusSeconds(99)))).isTrue();
    assertThat(settleAccepted(first)).isTrue();
    assertThat(find(2).nextAttempt()).as("it waits for its own").isEqualTo(NOW.plusSeconds(99));
  }

  @Test
  void whatAnOldLeaseHolderEndsFreesNobody() {
    enqueue(first(1, A), after(2, A));
    Claim old = claimOne(10);
    done(queue().release(List.of(old), NOW));
    assertThat(settleAccepted(old)).isFalse();
    assertThat(claim(lease(11))).extracting(Claim::id).containsExactly(id(1));
  }

  private static NewDelivery first(long id, MessageKey message) {
    return inTurn(id, "sent", new MessageOrder.First(message));
  }

  private static NewDelivery after(long id, MessageKey message) {
    return inTurn(id, "bounce", new MessageOrder.After(message, Duration.ofSeconds(30)));
  }

  private static NewDelivery inTurn(long id, String status, MessageOrder turn) {
    DeliverySubject sample = Samples.subject("e-" + id);
    return new NewDelivery(
        id(id),
        SCOPE,
        Samples.config().id(),
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
        Samples.payload("e-" + id));
  }

  @Test
  void claimsBringOnlyWhatIsDueOldestFirst() {
    enqueue(delivery(1), delivery(2), delivery(3));
    List<Claim> all = claim(lease(10));
    assertThat(settle(all.get(0), new NextStep.RetryAt(NOW.plusSeconds(3)))).isTrue();
    assertThat(settle(all.get(1), new NextStep.RetryAt(NOW.plusSeconds(1)))).isTrue();
    assertThat(settle(all.get(2), new NextStep.RetryAt(NOW.plusSeconds(9)))).isTrue();

    Claimed due = done(queue().claimDue(SCOPE, ROOM, NOW.plusSeconds(3), lease(11)));

    assertThat(due.claims()).extracting(Claim::id).containsExactly(id(2), id(1));
    assertThat(due.claims()).extracting(Claim::attempts).containsOnly(1);
    assertThat(due.claims()).extracting(Claim::claimId).containsOnly(11L);
    assertThat(due.claims().getFirst().payload()).isEqualTo(Samples.payload("e-2"));
    assertThat(due.nextDue()).isEqualTo(NOW.plusSeconds(9));
    assertThat(done(queue().claimDue(OTHER, ROOM, Instant.MAX, lease(12))))
        .isEqualTo(new Claimed(List.of(), null));
  }

  @Test
  void claimsBringNoMoreThanThereIsRoomForButOneAtLeast() {
    enqueue(delivery(1), delivery(2), delivery(3), delivery(4));
    assertThat(
            done(queue().claimDue(SCOPE, new DeliveryQueue.Room(2, 1_000), NOW, lease(1))).claims())
        .hasSize(2);
    assertThat(done(queue().claimDue(SCOPE, new DeliveryQueue.Room(9, 1), NOW, lease(2))).claims())
        .hasSize(1);
    Claimed last = done(queue().claimDue(SCOPE, ROOM, Instant.MAX, lease(3)));
    assertThat(last.claims()).hasSize(1);
    assertThat(last.nextDue()).isNull();
  }

  @Test
  void whatAnOldLeaseHolderSaysChangesNothing() {
    enqueue(delivery(1));
    Claim old = claimOne(10);
    done(queue().lanes(NOW.plusSeconds(60)));
    Claim young = done(queue().claimDue(SCOPE, ROOM, Instant.MAX, lease(11))).claims().getFirst();

    assertThat(settle(old, new NextStep.Done())).isFalse();
    done(queue().release(List.of(old), NOW));
    done(queue().extend(List.of(old), NOW.plusSeconds(999)));
    assertThat(state(1)).isEqualTo(DeliveryState.CLAIMED);
    assertThat(find(1).attempts()).isEmpty();

    assertThat(settle(young, new NextStep.RetryAt(NOW))).isTrue();
    assertThat(settle(young, new NextStep.Done())).as("settled twice").isFalse();
    assertThat(state(1)).isEqualTo(DeliveryState.WAITING);
  }

  @Test
  void settlingWritesTheAttemptAndTheEnding() {
    enqueue(delivery(1), delivery(2), delivery(3), delivery(4));
    List<Claim> claims = claim(lease(10));
    assertThat(settle(claims.get(0), new NextStep.Done())).isTrue();
    assertThat(settle(claims.get(1), giveUp(NextStep.Ending.EXHAUSTED))).isTrue();
    assertThat(settle(claims.get(2), giveUp(NextStep.Ending.REFUSED))).isTrue();
    Settlement untried =
        new Settlement(claims.get(3), null, giveUp(NextStep.Ending.CANCELLED), NOW.plusSeconds(5));
    assertThat(done(queue().settle(List.of(untried)))).containsExactly(true);

    assertThat(state(1)).isEqualTo(DeliveryState.DELIVERED);
    assertThat(find(1).attempts()).containsExactly(attempt(claims.getFirst()));
    assertThat(state(2)).isEqualTo(DeliveryState.EXHAUSTED);
    assertThat(find(2).stateReason()).isEqualTo("enough");
    assertThat(state(3)).isEqualTo(DeliveryState.REFUSED);
    assertThat(state(4)).isEqualTo(DeliveryState.CANCELLED);
    assertThat(find(4).attemptCount()).isZero();
    assertThat(find(4).updateTime()).isEqualTo(NOW.plusSeconds(5));
  }

  @Test
  void anAttemptIsKeptWithItsDetailAndTheTimeOfTheNext() {
    enqueue(delivery(1));
    Claim first = claimOne(10);
    assertThat(settle(first, new NextStep.RetryAt(NOW))).isTrue();
    assertThat(settleAccepted(claimOne(11))).isTrue();

    assertThat(find(1).attempts())
        .containsExactly(
            attempt(first, NOW),
            new Attempt(
                2,
                NOW,
                Duration.ofMillis(7),
                new AttemptResult.Accepted(204),
                Samples.attemptDetail(),
                null));
  }

  @Test
  void releaseGivesBackUntried() {
    enqueue(delivery(1));
    Claim claim = claimOne(10);
    done(queue().release(List.of(claim), NOW.plusSeconds(2)));
    assertThat(claim(lease(11))).as("before it is due").isEmpty();
    Claim again =
        done(queue().claimDue(SCOPE, ROOM, NOW.plusSeconds(2), lease(12))).claims().getFirst();
    assertThat(again.attempts()).isZero();
  }

  @Test
  void aLapsedLeaseIsClaimedAnewAndAnExtendedOneIsNot() {
    enqueue(delivery(1), delivery(2));
    List<Claim> claims = claim(lease(10));
    done(queue().extend(List.of(claims.get(0)), NOW.plusSeconds(120)));

    assertThat(done(queue().lanes(NOW.plusSeconds(59)))).as("both leases stand").isEmpty();
    assertThat(done(queue().lanes(NOW.plusSeconds(60))))
        .extracting(LaneDue::scope)
        .containsExactly(SCOPE);
    assertThat(done(queue().claimDue(SCOPE, ROOM, Instant.MAX, lease(11))).claims())
        .extracting(Claim::id)
        .containsExactly(id(2));
  }

  @Test
  void whileTheStoreIsAwayEachCallFailsWithThatAndNothingElse() {
    enqueue(delivery(1));
    List<Claim> claims = claim(lease(10));
    Settlement settlement =
        new Settlement(claims.getFirst(), null, giveUp(NextStep.Ending.CANCELLED), NOW);
    reachable(false);
    assertThat(failure(queue().enqueue(List.of(new DeliveryQueue.Entry(delivery(2), null, NOW)))))
        .isInstanceOf(Fault.Unavailable.class);
    assertThat(failure(queue().settle(List.of(settlement)))).isInstanceOf(Fault.Unavailable.class);
    assertThat(failure(queue().claimDue(SCOPE, ROOM, NOW, lease(11))))
        .isInstanceOf(Fault.Unavailable.class);
    assertThat(failure(queue().release(claims, NOW))).isInstanceOf(Fault.Unavailable.class);
    assertThat(failure(queue().extend(claims, NOW))).isInstanceOf(Fault.Unavailable.class);
    assertThat(failure(queue().lanes(NOW))).isInstanceOf(Fault.Unavailable.class);
    reachable(true);
    while (failure(queue().lanes(NOW)) instanceof Fault.Unavailable) {
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }
    assertThat(done(queue().settle(List.of(settlement)))).containsExactly(true);
    assertThat(enqueue(delivery(2))).containsExactly(new Enqueued.Stored(id(2)));
  }

  @Test
  void anEventThatTheStoreRefusesSpoilsNothingForTheOthersOfItsList() {
    refuse("e-5");
    List<DeliveryQueue.Entry> entries =
        LongStream.rangeClosed(1, 9)
            .mapToObj(id -> new DeliveryQueue.Entry(delivery(id), null, NOW))
            .toList();
    CompletionStage<List<Enqueued>> withIt = queue().enqueue(entries);
    CompletionStage<List<Enqueued>> beside =
        queue().enqueue(List.of(new DeliveryQueue.Entry(delivery(10), null, NOW)));
    List<Enqueued> answers = done(withIt);
    for (int i = 0; i < 9; i++) {
      if (i == 4) {
        assertThat(answers.get(i)).isInstanceOf(Enqueued.Refused.class);
      } else {
        assertThat(answers.get(i)).isEqualTo(new Enqueued.Stored(id(i + 1)));
      }
    }
    assertThat(done(beside)).containsExactly(new Enqueued.Stored(id(10)));
    assertThat(book().find(SCOPE, id(5))).isEmpty();
    assertThat(claim(lease(10))).hasSize(9);
  }

  @Test
  void aSettlementThatTheStoreRefusesIsNoOutageAndSpoilsNothingForOthers() {
    enqueue(delivery(1), delivery(2), delivery(3));
    List<Settlement> settlements =
        claim(lease(10)).stream()
            .map(claim -> new Settlement(claim, attempt(claim), new NextStep.Done(), NOW))
            .toList();
    refuse("e-2");
    CompletionStage<List<Boolean>> both = queue().settle(settlements.subList(0, 2));
    CompletionStage<List<Boolean>> beside = queue().settle(settlements.subList(2, 3));
    assertThat(failure(both)).isNotNull().isNotInstanceOf(Fault.class);
    assertThat(done(beside)).containsExactly(true);
    assertThat(state(1)).as("its list was one transaction").isEqualTo(DeliveryState.CLAIMED);
    assertThat(done(queue().settle(settlements.subList(0, 1)))).containsExactly(true);
    assertThat(failure(queue().settle(settlements.subList(1, 2)))).isNotInstanceOf(Fault.class);
    assertThat(state(2)).isEqualTo(DeliveryState.CLAIMED);
  }

  @Test
  void aDeliveryThatTheStoreTakesNoChangeOfHoldsUpNoOther() {
    enqueue(delivery(1), delivery(2), delivery(3), delivery(4));
    List<Claim> claims = claim(lease(10));
    done(queue().release(claims.subList(2, 4), NOW));
    refuse("e-2");

    assertThat(done(queue().lanes(NOW.plusSeconds(60))))
        .as("claims that are over end, but for that one")
        .contains(new LaneDue(SCOPE, NOW));
    assertThat(claim(lease(11))).extracting(Claim::id).contains(id(3), id(4));
    List<Claim> all = done(queue().claimDue(SCOPE, ROOM, Instant.MAX, lease(12))).claims();
    assertThat(all).extracting(Claim::id).containsExactly(id(1));
    assertThat(settle(all.getFirst(), new NextStep.RetryAt(NOW))).isTrue();
  }

  @Test
  void whatIsDueIsClaimedAroundADeliveryThatTheStoreTakesNoChangeOf() {
    enqueue(delivery(1), delivery(2), delivery(3));
    refuse("e-1");
    DeliveryQueue.Room one = new DeliveryQueue.Room(1, 1_000_000);
    DeliveryQueue.Claimed first = done(queue().claimDue(SCOPE, one, NOW, lease(10)));
    assertThat(first.claims()).extracting(Claim::id).containsExactly(id(2));
    assertThat(first.nextDue()).isEqualTo(NOW);
    DeliveryQueue.Claimed second = done(queue().claimDue(SCOPE, one, NOW, lease(11)));
    assertThat(second.claims()).extracting(Claim::id).containsExactly(id(3));
    assertThat(second.nextDue()).as("or it would be claimed again and again").isNull();
  }

  @Test
  void leasesAreMadeLongerEachByItselfWhereOneIsRefused() {
    enqueue(delivery(1), delivery(2));
    List<Claim> claims = claim(lease(10));
    refuse("e-2");
    Instant until = NOW.plusSeconds(120);
    if (failure(queue().extend(claims, until)) != null) {
      assertThat(failure(queue().extend(claims, until))).isNotInstanceOf(Fault.class);
      assertThat(failure(queue().extend(claims.subList(0, 1), until))).isNull();
    }
    assertThat(done(queue().lanes(NOW.plusSeconds(61)))).isEmpty();
  }

  /** What a stage fails with, which it must soon; null if it does not. */
  private static @Nullable Throwable failure(CompletionStage<?> stage) {
    try {
      var _ = stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
      return null;
    } catch (ExecutionException failed) {
      return Failures.cause(failed);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void lanesSayWhenSomethingIsDue() {
    enqueue(delivery(1), delivery(2), Samples.delivery(OTHER, 3, "e"));
    List<Claim> claims = claim(lease(10));
    assertThat(settle(claims.get(0), new NextStep.RetryAt(NOW.plusSeconds(7)))).isTrue();
    assertThat(settle(claims.get(1), new NextStep.RetryAt(NOW.plusSeconds(5)))).isTrue();
    assertThat(done(queue().lanes(NOW)))
        .containsExactlyInAnyOrder(new LaneDue(SCOPE, NOW.plusSeconds(5)), new LaneDue(OTHER, NOW));
  }

  private static NextStep.GiveUp giveUp(NextStep.Ending ending) {
    return new NextStep.GiveUp(ending, "enough");
  }

  private static DeliveryId id(long value) {
    return new DeliveryId(value);
  }
}
