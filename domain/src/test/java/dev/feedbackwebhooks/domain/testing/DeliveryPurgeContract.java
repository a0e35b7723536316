package dev.feedbackwebhooks.domain.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.attempt.AttemptDetail;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.attempt.NextStep;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.delivery.DeliveryStats;
import dev.feedbackwebhooks.domain.delivery.Enqueued;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.delivery.RetryOutcome;
import dev.feedbackwebhooks.domain.delivery.Settlement;
import dev.feedbackwebhooks.domain.retention.DeliveryPurge;
import dev.feedbackwebhooks.domain.retention.DeliveryPurge.Step;
import dev.feedbackwebhooks.domain.retention.Retention.Expiry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link DeliveryPurge} keeps. Whatever ends here, ends at {@link #NOW}. */
public abstract class DeliveryPurgeContract extends DeliveryStoreContract {
  private static final Instant LATER = NOW.plusMillis(1);
  private static final long DELIVERED = 1;
  private static final long EXHAUSTED = 2;
  private static final long REFUSED = 3;
  private static final long CANCELLED = 4;
  private static final long WAITING = 5;
  private static final long CLAIMED = 6;

  /** The purge of the same deliveries. */
  protected abstract DeliveryPurge purge();

  /** From now on the store takes no change of the delivery of an event. */
  protected abstract void refuse(String eventId);

  @BeforeEach
  void oneOfEachState() {
    assertThat(configs().insert(Samples.config(), Samples.entry())).isTrue();
    enqueue(delivery(DELIVERED));
    assertThat(settleAccepted(claimOne(DELIVERED))).isTrue();
    end(EXHAUSTED, new NextStep.GiveUp(NextStep.Ending.EXHAUSTED, "enough"));
    end(REFUSED, new NextStep.GiveUp(NextStep.Ending.REFUSED, "gone"));
    end(CANCELLED, new NextStep.GiveUp(NextStep.Ending.CANCELLED, "deleted"));
    end(WAITING, new NextStep.RetryAt(NOW));
    enqueue(delivery(CLAIMED));
    List<Claim> claims = claim(lease(CLAIMED));
    assertThat(claims).hasSize(2);
    done(queue().release(List.of(claims.getFirst()), NOW));
  }

  private void end(long id, NextStep step) {
    enqueue(delivery(id));
    assertThat(settle(claimOne(id), step)).isTrue();
  }

  @Test
  void deliveredOnesGoAfterTheirTimeWithTheirAttempts() {
    assertThat(step(new Expiry(NOW, NOW, NOW))).isEqualTo(new Step(0, 0, null));
    assertThat(step(new Expiry(LATER, NOW, NOW))).isEqualTo(new Step(1, 0, null));
    assertThat(book().find(SCOPE, new DeliveryId(DELIVERED))).isEmpty();
    assertThat(find(EXHAUSTED).attempts()).hasSize(1);
  }

  @Test
  void othersThatEndedGoAfterTheirs() {
    assertThat(step(new Expiry(NOW, LATER, NOW)).deliveries()).isEqualTo(3);
    assertThat(book().find(SCOPE, new DeliveryId(DELIVERED))).isPresent();
    for (long id : List.of(EXHAUSTED, REFUSED, CANCELLED)) {
      assertThat(book().find(SCOPE, new DeliveryId(id))).isEmpty();
    }
  }

  @Test
  void whatHasNotEndedStaysWithItsBody() {
    Instant muchLater = NOW.plusSeconds(1_000_000_000);
    assertThat(step(new Expiry(muchLater, muchLater, muchLater)).deliveries()).isEqualTo(4);
    assertThat(state(WAITING)).isEqualTo(DeliveryState.WAITING);
    assertThat(state(CLAIMED)).isEqualTo(DeliveryState.CLAIMED);
    assertThat(claimOne(9).payload()).isEqualTo(delivery(WAITING).payload());
  }

  @Test
  void anEventIsNewAgainOnceItsDeliveryIsGone() {
    assertThat(enqueue(again())).allMatch(Enqueued.Duplicate.class::isInstance);
    assertThat(step(new Expiry(LATER, NOW, NOW)).deliveries()).isEqualTo(1);
    assertThat(enqueue(again())).allMatch(Enqueued.Stored.class::isInstance);
    assertThat(enqueue(again())).allMatch(Enqueued.Duplicate.class::isInstance);
  }

  @Test
  void bodiesMayGoBeforeTheirRecords() {
    assertThat(step(new Expiry(NOW, NOW, LATER))).isEqualTo(new Step(0, 4, null));
    assertThat(step(new Expiry(NOW, NOW, LATER))).as("once").isEqualTo(new Step(0, 0, null));
    for (long id : List.of(EXHAUSTED, DELIVERED)) {
      assertThat(find(id).attempts())
          .as("what the endpoint answered may name the recipient")
          .extracting(Attempt::detail)
          .containsExactly(AttemptDetail.NONE);
    }
    assertThat(find(WAITING).attempts())
        .extracting(Attempt::detail)
        .containsExactly(Samples.attemptDetail());
    assertThat(retry(EXHAUSTED)).isEqualTo(RetryOutcome.BODY_GONE);
    assertThat(state(EXHAUSTED)).isEqualTo(DeliveryState.EXHAUSTED);
    assertThat(retry(DELIVERED)).isNotEqualTo(RetryOutcome.DUE);
    assertThat(retry(WAITING)).isEqualTo(RetryOutcome.DUE);
    assertThat(step(new Expiry(LATER, LATER, LATER))).isEqualTo(new Step(4, 0, null));
  }

  @Test
  void aDeliveryThatTheStoreTakesNoChangeOfStaysAndKeepsNoOther() {
    refuse("e-" + DELIVERED);
    assertThat(step(new Expiry(NOW, NOW, LATER))).isEqualTo(new Step(0, 3, null));
    assertThat(find(EXHAUSTED).attempts())
        .extracting(Attempt::detail)
        .containsExactly(AttemptDetail.NONE);
    assertThat(find(DELIVERED).attempts())
        .extracting(Attempt::detail)
        .containsExactly(Samples.attemptDetail());
  }

  @Test
  void whatIsRemovedStaysCounted() {
    assertCounts(2, 0, 1, 1, 1, 1);
    assertThat(step(new Expiry(LATER, LATER, LATER)).deliveries()).isEqualTo(4);
    assertCounts(2, 0, 1, 1, 1, 1);
    assertThat(enqueue(again())).allMatch(Enqueued.Stored.class::isInstance);
    assertThat(enqueue(again())).allMatch(Enqueued.Duplicate.class::isInstance);
    assertCounts(3, 0, 1, 1, 1, 1);
  }

  @Test
  void whatWaitsIsCountedByWhatItsConfigurationIs() {
    assertThat(retry(EXHAUSTED)).isEqualTo(RetryOutcome.DUE);
    assertCounts(3, 0, 1, 0, 1, 1);
    assertThat(configs().replace(Samples.disabledConfig(), 1, Samples.entry())).isTrue();
    assertThat(book().stats(SCOPE).held()).as("less the one in flight").isBetween(2L, 3L);
    assertThat(configs().delete(SCOPE, Samples.config().id(), 2, Samples.entry())).isTrue();
    assertThat(book().stats(SCOPE).cancelled()).isBetween(3L, 4L);
    assertThat(configs().insert(Samples.fullConfig(SCOPE), Samples.entry())).isTrue();
    assertThat(
            book()
                .retry(
                    SCOPE,
                    new DeliveryId(WAITING),
                    Samples.fullConfig(SCOPE).id(),
                    NOW,
                    Samples.entry()))
        .isEqualTo(RetryOutcome.DUE);
    assertThat(book().stats(SCOPE).accepted()).isEqualTo(6);
    assertThat(book().stats(SCOPE).waiting() + book().stats(SCOPE).held()).isBetween(1L, 2L);
    assertThat(book().stats(new Scope("x", "y")).accepted()).isZero();
  }

  @Test
  void howLongTheDeliveredTookIsCounted() {
    DeliveryId id = DeliveryId.firstAt(NOW);
    enqueue(Samples.delivery(SCOPE, id.value(), "e-new"));
    List<Claim> claims = claim(lease(77));
    Claim ours = claims.stream().filter(claim -> claim.id().equals(id)).findFirst().orElseThrow();
    long before = book().stats(SCOPE).latency().count();
    Attempt attempt = new Attempt(1, NOW, Duration.ZERO, new AttemptResult.Accepted(200));
    Settlement settled = new Settlement(ours, attempt, new NextStep.Done(), NOW.plusMillis(1_000));
    assertThat(done(queue().settle(List.of(settled)))).containsExactly(true);
    assertThat(book().stats(SCOPE).latency().count()).isEqualTo(before + 1);
    assertThat(book().stats(SCOPE).latency().percentile(0.01))
        .isBetween(Duration.ofMillis(1_000), Duration.ofMillis(1_125));
  }

  private void assertCounts(
      long waiting, long held, long delivered, long exhausted, long refused, long cancelled) {
    DeliveryStats stats = book().stats(SCOPE);
    assertThat(
            List.of(
                stats.waiting(),
                stats.held(),
                stats.delivered(),
                stats.exhausted(),
                stats.refused(),
                stats.cancelled()))
        .containsExactly(waiting, held, delivered, exhausted, refused, cancelled);
    assertThat(stats.accepted())
        .isEqualTo(waiting + held + delivered + exhausted + refused + cancelled);
  }

  private Step step(Expiry expiry) {
    return done(purge().purge(expiry, null));
  }

  private RetryOutcome retry(long id) {
    return book().retry(SCOPE, new DeliveryId(id), Samples.config().id(), NOW, Samples.entry());
  }

  /** The delivered event, sent a second time. */
  private static NewDelivery again() {
    return Samples.delivery(SCOPE, 100, "e-" + DELIVERED);
  }
}
