package dev.feedbackwebhooks.domain.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.attempt.NextStep;
import dev.feedbackwebhooks.domain.audit.AuditFilter;
import dev.feedbackwebhooks.domain.audit.AuditStore;
import dev.feedbackwebhooks.domain.config.Channel;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.delivery.SendReason;
import dev.feedbackwebhooks.domain.replay.Replay;
import dev.feedbackwebhooks.domain.replay.ReplayId;
import dev.feedbackwebhooks.domain.replay.ReplayPlan;
import dev.feedbackwebhooks.domain.replay.ReplaySkip;
import dev.feedbackwebhooks.domain.replay.ReplayState;
import dev.feedbackwebhooks.domain.replay.ReplayStore;
import dev.feedbackwebhooks.domain.replay.ReplayStore.Started;
import dev.feedbackwebhooks.domain.replay.ReplayTally;
import dev.feedbackwebhooks.domain.retention.DeliveryPurge;
import dev.feedbackwebhooks.domain.retention.Retention;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link ReplayStore} keeps. */
public abstract class ReplayStoreContract extends DeliveryStoreContract {
  private static final int MANY = 1_000;

  /** Ids tell the time of creation. */
  private static final long FIRST = DeliveryId.firstAt(NOW).value();

  private static final DeliveryFilter AROUND_NOW = filter(null);

  /** The store under test, without replays. */
  protected abstract ReplayStore replays();

  /** Where the records are. */
  protected abstract AuditStore audit();

  /** Removes deliveries. */
  protected abstract DeliveryPurge purge();

  @BeforeEach
  void configuration() {
    assertThat(configs().insert(Samples.config(), Samples.entry())).isTrue();
  }

  @Test
  void whatWasStoredIsFoundInItsScopeOnlyAndListedNewestFirst() {
    Replay first = replay(1, "");
    Replay second =
        replay(
            2,
            "again",
            new DeliveryFilter(
                DeliveryState.DELIVERED,
                Channel.SMS,
                "campaign",
                "request",
                "execution",
                null,
                NOW.minusSeconds(60),
                NOW));
    start(first);
    start(second);
    assertThat(replays().find(SCOPE, new ReplayId(1))).contains(first);
    assertThat(replays().find(OTHER, new ReplayId(1))).isEmpty();
    assertThat(replays().list(SCOPE, null, null, 10)).containsExactly(second, first);
    assertThat(replays().list(SCOPE, null, new ReplayId(2), 10)).containsExactly(first);
    assertThat(replays().list(SCOPE, null, null, 1)).containsExactly(second);
    assertThat(replays().list(OTHER, null, null, 10)).isEmpty();
    assertThat(replays().running()).containsExactlyInAnyOrder(first, second);
    Replay cancelled = cancel(1);
    assertThat(replays().list(SCOPE, true, null, 10)).containsExactly(cancelled);
    assertThat(replays().list(SCOPE, false, null, 10)).containsExactly(second);
    assertThat(replays().running()).containsExactly(second);
  }

  @Test
  void aRequestIsKnownInItsScopeAndOnlySoManyRun() {
    Replay first = replay(1, "wish");
    start(first);
    assertThat(replays().start(replay(2, "wish"), MANY, Samples.entry()))
        .isEqualTo(new Started.Known(first));
    assertThat(replays().ofRequest(SCOPE, "wish")).contains(first);
    assertThat(replays().ofRequest(OTHER, "wish")).isEmpty();
    start(replay(3, ""));
    assertThat(replays().start(replay(4, ""), 2, Samples.entry())).isEqualTo(new Started.TooMany());
    cancel(3);
    assertThat(replays().start(replay(5, ""), 2, Samples.entry())).isEqualTo(new Started.Stored());
    assertThat(replays().start(replay(6, "wish"), 0, Samples.entry()))
        .isEqualTo(new Started.Known(first));
  }

  @Test
  void changesAreOnRecordAndWhatChangesNothingIsNot() {
    int before = records();
    start(replay(1, "wish"));
    assertThat(replays().start(replay(2, "wish"), MANY, Samples.entry()))
        .isInstanceOf(Started.Known.class);
    assertThat(records()).isEqualTo(before + 1);
    assertThat(replays().delete(SCOPE, new ReplayId(1), Samples.entry())).as("runs").isFalse();
    assertThat(cancel(1).state()).isEqualTo(ReplayState.CANCELLED);
    assertThat(cancel(1).endTime()).isEqualTo(NOW);
    assertThat(records()).isEqualTo(before + 2);
    assertThat(replays().delete(OTHER, new ReplayId(1), Samples.entry())).isFalse();
    assertThat(replays().delete(SCOPE, new ReplayId(1), Samples.entry())).isTrue();
    assertThat(replays().find(SCOPE, new ReplayId(1))).isEmpty();
    assertThat(records()).isEqualTo(before + 3);
    assertThat(replays().cancel(SCOPE, new ReplayId(1), NOW, Samples.entry())).isEmpty();
  }

  @Test
  void aStepMakesWhatIsOverDueAndKeepsEveryAttempt() {
    enqueue(one(1));
    Claim delivered = claimOne(10);
    assertThat(settleAccepted(delivered)).isTrue();
    enqueue(one(2));
    Claim exhausted = claimOne(11);
    assertThat(settle(exhausted, new NextStep.GiveUp(NextStep.Ending.EXHAUSTED, "enough")))
        .isTrue();

    start(replay(7, ""));
    Replay after = step(running(7), 10);
    assertThat(after.state()).isEqualTo(ReplayState.SUCCEEDED);
    assertThat(after.endTime()).isEqualTo(NOW);
    assertThat(after.tally()).isEqualTo(new ReplayTally(0, 2, Map.of()));
    assertThat(replays().find(SCOPE, new ReplayId(7))).contains(after);

    assertThat(state(FIRST + 1)).isEqualTo(DeliveryState.WAITING);
    assertThat(find(FIRST + 2).stateReason()).isEmpty();
    List<Claim> claims = claim(lease(12));
    assertThat(claims)
        .allSatisfy(claim -> {
          assertThat(claim.purpose()).isEqualTo(new SendReason.Replay(new ReplayId(7).text()));
          assertThat(claim.nextAttempt()).isEqualTo(2);
          assertThat(claim.firstOfRound()).isEqualTo(1);
        });
    assertThat(claims)
        .extracting(Claim::payload)
        .containsExactlyInAnyOrder(delivered.payload(), exhausted.payload());
    claims.forEach(claim -> assertThat(settleAccepted(claim)).isTrue());
    assertThat(find(FIRST + 1).attempts())
        .extracting(Attempt::number, Attempt::result, Attempt::detail)
        .containsExactly(
            tuple(1, new AttemptResult.Accepted(204), Samples.attemptDetail()),
            tuple(2, new AttemptResult.Accepted(204), Samples.attemptDetail()));
    assertThat(find(FIRST + 2).attempts()).extracting(Attempt::number).containsExactly(1, 2);
  }

  @Test
  void aDeliveryIsSentAgainByARetryOfItsReplayAsWell() {
    deliver(1);
    start(replay(7, ""));
    var _ = step(running(7), 10);
    Claim claim = claimOne(12);
    assertThat(settle(claim, new NextStep.RetryAt(NOW))).isTrue();
    assertThat(claimOne(13).purpose()).isEqualTo(new SendReason.Replay(new ReplayId(7).text()));
  }

  @Test
  void stepsGoThroughEachDeliveryOnce() {
    deliver(1, 2, 3, 4, 5);
    start(replay(7, ""));
    Replay once = step(running(7), 2);
    assertThat(once.state()).isEqualTo(ReplayState.RUNNING);
    assertThat(once.cursor()).isEqualTo(new DeliveryId(FIRST + 2));
    Replay unchanged = step(running(7, null), 2);
    assertThat(unchanged).as("its cursor has moved").isEqualTo(once);
    settleAllClaimed();
    Replay twice = step(once, 2);
    assertThat(twice.tally().replayed()).isEqualTo(4);
    Replay end = step(twice, 2);
    assertThat(end.state()).isEqualTo(ReplayState.SUCCEEDED);
    assertThat(end.tally().replayed()).isEqualTo(5);
    assertThat(step(end, 2)).as("over").isEqualTo(end);
    settleAllClaimed();
    for (long id = FIRST + 1; id <= FIRST + 5; id++) {
      assertThat(find(id).attemptCount()).isEqualTo(2);
    }
  }

  @Test
  void aStepOfACancelledReplayChangesNothing() {
    deliver(1);
    start(replay(7, ""));
    Replay running = running(7);
    Replay cancelled = cancel(7);
    assertThat(step(running, 2)).isEqualTo(cancelled);
    assertThat(state(FIRST + 1)).isEqualTo(DeliveryState.DELIVERED);
    assertThat(replays().delete(SCOPE, new ReplayId(7), Samples.entry())).isTrue();
    assertThat(step(running, 2).over()).isTrue();
    assertThat(state(FIRST + 1)).isEqualTo(DeliveryState.DELIVERED);
  }

  @Test
  void passesOverWhatIsNotOverOrHasNoBodyAndSaysSo() {
    deliver(1);
    done(
        purge()
            .purge(new Retention.Expiry(Instant.EPOCH, Instant.EPOCH, NOW.plusSeconds(9)), null));
    deliver(2);
    enqueue(one(3));
    assertThat(claimOne(20).attempts()).as("in flight").isZero();
    enqueue(one(4));
    ReplayTally expected =
        new ReplayTally(4, 1, Map.of(ReplaySkip.NOT_OVER, 2L, ReplaySkip.BODY_REMOVED, 1L));
    assertThat(replays().survey(SCOPE, AROUND_NOW)).isEqualTo(expected);
    start(replay(7, ""));
    ReplayTally tally = step(running(7), 10).tally();
    assertThat(tally.replayed()).isEqualTo(1);
    assertThat(tally.skips()).isEqualTo(expected.skips());
    assertThat(tally.skipped()).isEqualTo(3);
  }

  @Test
  void theConfigurationOfNowGetsThemAndWithoutOneTheyArePassedOver() {
    deliver(1);
    enqueue(one(2));
    assertThat(configs().delete(SCOPE, Samples.config().id(), 1, Samples.entry())).isTrue();
    assertThat(replays().survey(SCOPE, AROUND_NOW))
        .isEqualTo(new ReplayTally(2, 0, Map.of(ReplaySkip.NO_CONFIG, 2L)));
    start(replay(7, ""));
    assertThat(step(running(7), 10).tally().skips()).isEqualTo(Map.of(ReplaySkip.NO_CONFIG, 2L));
    assertThat(configs().insert(Samples.fullConfig(SCOPE), Samples.entry())).isTrue();
    assertThat(replays().survey(SCOPE, AROUND_NOW).replayed()).isEqualTo(2);
    start(replay(8, ""));
    assertThat(step(running(8), 10).tally().replayed()).isEqualTo(2);
    assertThat(claim(lease(11)))
        .extracting(Claim::configId)
        .containsOnly(Samples.fullConfig(SCOPE).id());
  }

  @Test
  void countsOfWhatBecameOfDeliveriesStayRight() {
    deliver(1, 2);
    assertThat(book().stats(SCOPE).latency().count()).isEqualTo(2);
    start(replay(7, ""));
    var _ = step(running(7), 10);
    assertThat(book().stats(SCOPE).accepted()).isEqualTo(2);
    assertThat(book().stats(SCOPE).waiting()).isEqualTo(2);
    assertThat(book().stats(SCOPE).delivered()).isZero();
    settleAllClaimed();
    assertThat(book().stats(SCOPE).delivered()).isEqualTo(2);
    assertThat(book().stats(SCOPE).latency().count()).as("from intake, once").isEqualTo(2);
    assertThat(configs().delete(SCOPE, Samples.config().id(), 1, Samples.entry())).isTrue();
    assertThat(configs().insert(Samples.fullConfig(SCOPE), Samples.entry())).isTrue();
    start(replay(8, ""));
    var _ = step(running(8), 10);
    assertThat(book().stats(SCOPE).held()).as("with another one, disabled").isEqualTo(2);
    assertThat(book().stats(SCOPE).accepted()).isEqualTo(2);
  }

  @Test
  void takesWhatItsFilterTakes() {
    deliver(1);
    enqueue(one(2), Samples.delivery(OTHER, FIRST + 3, "e"));
    assertThat(settle(claimOne(11), new NextStep.GiveUp(NextStep.Ending.REFUSED, "gone"))).isTrue();
    assertThat(replays().survey(SCOPE, AROUND_NOW).matched()).isEqualTo(2);
    assertThat(replays().survey(SCOPE, filter(DeliveryState.REFUSED)).matched()).isEqualTo(1);
    assertThat(replays().survey(SCOPE, before(NOW)).matched()).isZero();
    start(replay(7, "", filter(DeliveryState.REFUSED)));
    assertThat(step(running(7), 10).tally().replayed()).isEqualTo(1);
    assertThat(state(FIRST + 1)).isEqualTo(DeliveryState.DELIVERED);
    assertThat(state(FIRST + 2)).isEqualTo(DeliveryState.WAITING);
  }

  @Test
  void queuesNoMoreThanSoManyAtATimeWhatIsFreshNotCounted() {
    deliver(LongStream.rangeClosed(1, ReplayStore.MOST_QUEUED + 10).toArray());
    enqueue(one(5_000), one(5_001));
    start(replay(7, ""));
    Replay full = step(running(7), MANY);
    assertThat(full.tally().replayed()).isEqualTo(ReplayStore.MOST_QUEUED);
    assertThat(step(full, MANY)).as("no room").isEqualTo(full);
    List<Claim> claims = claim(lease(77));
    assertThat(step(full, MANY)).as("in flight").isEqualTo(full);
    for (Claim claim : claims.subList(0, 5)) {
      assertThat(settle(claim, new NextStep.RetryAt(NOW.plusSeconds(5)))).isTrue();
    }
    assertThat(step(full, MANY).tally().replayed())
        .as("one that waits for a retry stands in nobody's way")
        .isEqualTo(ReplayStore.MOST_QUEUED + 5);
  }

  @Test
  void forgetsThoseThatEndedLongAgo() {
    start(replay(1, ""));
    start(replay(2, ""));
    var _ = cancel(1);
    assertThat(done(replays().forget(NOW))).isZero();
    assertThat(done(replays().forget(NOW.plusMillis(1)))).isEqualTo(1);
    assertThat(replays().list(SCOPE, null, null, 10)).containsExactly(replay(2, ""));
  }

  private static DeliveryFilter filter(@Nullable DeliveryState state) {
    return new DeliveryFilter(
        state, null, null, null, null, null, NOW.minusSeconds(60), NOW.plusSeconds(60));
  }

  private static DeliveryFilter before(Instant end) {
    return new DeliveryFilter(null, null, null, null, null, null, NOW.minusSeconds(60), end);
  }

  private static NewDelivery one(long number) {
    return delivery(FIRST + number);
  }

  private void deliver(long... numbers) {
    enqueue(LongStream.of(numbers).mapToObj(ReplayStoreContract::one).toArray(NewDelivery[]::new));
    settleAllClaimed();
  }

  private void settleAllClaimed() {
    for (List<Claim> claims = claim(lease(99)); !claims.isEmpty(); claims = claim(lease(99))) {
      claims.forEach(claim -> assertThat(settleAccepted(claim)).isTrue());
    }
  }

  private static Replay replay(long id, String requestId) {
    return replay(id, requestId, AROUND_NOW);
  }

  private static Replay replay(long id, String requestId, DeliveryFilter filter) {
    return new Replay(
        new ReplayId(id),
        SCOPE,
        new ReplayPlan("create_time > …", filter, 100, requestId),
        ReplayState.RUNNING,
        ReplayTally.of(0),
        null,
        NOW,
        NOW,
        null);
  }

  private void start(Replay replay) {
    assertThat(replays().start(replay, MANY, Samples.entry())).isEqualTo(new Started.Stored());
  }

  private Replay running(long id) {
    return replays().find(SCOPE, new ReplayId(id)).orElseThrow();
  }

  /** As it stood with this cursor. */
  private Replay running(long id, @Nullable DeliveryId cursor) {
    Replay now = running(id);
    return new Replay(
        now.id(),
        now.scope(),
        now.plan(),
        now.state(),
        ReplayTally.of(0),
        cursor,
        now.createTime(),
        now.updateTime(),
        null);
  }

  private Replay step(Replay replay, int most) {
    return done(replays().step(replay, most, NOW));
  }

  private Replay cancel(long id) {
    return replays().cancel(SCOPE, new ReplayId(id), NOW, Samples.entry()).orElseThrow();
  }

  private int records() {
    return audit().list(new AuditFilter(null, null, null, null, null), null, MANY).size();
  }
}
