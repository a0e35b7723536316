package dev.feedbackwebhooks.domain.testing;

import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.attempt.NextStep;
import dev.feedbackwebhooks.domain.config.ConfigStore;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.DeliveryReads;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.delivery.Enqueued;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.delivery.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** What tests of stores for deliveries begin with. */
public abstract class DeliveryStoreContract {
  protected static final Scope SCOPE = Samples.SCOPE;
  protected static final Scope OTHER = new Scope("myImsOrg", "dev");
  protected static final Instant NOW = Samples.NOW;
  protected static final DeliveryQueue.Room ROOM = new DeliveryQueue.Room(100, 1_000_000);

  /** The queue under test, empty. */
  protected abstract DeliveryQueue queue();

  /** The book of the same deliveries. */
  protected abstract DeliveryReads book();

  /** The configurations beside it. */
  protected abstract ConfigStore configs();

  protected static <T extends @Nullable Object> T done(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(2, TimeUnit.MINUTES);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  protected static NewDelivery delivery(long id) {
    return Samples.delivery(SCOPE, id, "e-" + id);
  }

  /** Stores deliveries that nobody claims, due at {@link #NOW}. */
  protected List<Enqueued> enqueue(NewDelivery... deliveries) {
    return done(
        queue()
            .enqueue(
                Arrays.stream(deliveries)
                    .map(one -> new DeliveryQueue.Entry(one, null, NOW))
                    .toList()));
  }

  protected List<Claim> claim(Lease lease) {
    return done(queue().claimDue(SCOPE, ROOM, NOW, lease)).claims();
  }

  protected Claim claimOne(long claimId) {
    return claim(lease(claimId)).getFirst();
  }

  protected static Lease lease(long claimId) {
    return new Lease(claimId, NOW.plusSeconds(60));
  }

  protected boolean settle(Claim claim, NextStep next) {
    return done(queue().settle(List.of(new Settlement(claim, attempt(claim), next, NOW))))
        .getFirst();
  }

  /** Ends a delivery with an attempt that was accepted. */
  protected boolean settleAccepted(Claim claim) {
    Attempt accepted =
        new Attempt(
            claim.nextAttempt(),
            NOW,
            Duration.ofMillis(7),
            new AttemptResult.Accepted(204),
            Samples.attemptDetail(),
            null);
    return done(queue().settle(List.of(new Settlement(claim, accepted, new NextStep.Done(), NOW))))
        .getFirst();
  }

  protected static Attempt attempt(Claim claim) {
    return attempt(claim, null);
  }

  /** The same, as it is kept where another one was to follow. */
  protected static Attempt attempt(Claim claim, @Nullable Instant next) {
    return new Attempt(
        claim.nextAttempt(),
        NOW,
        Duration.ofMillis(7),
        new AttemptResult.Retryable(AttemptFailure.HTTP_STATUS, 503, null, "HTTP 503"),
        Samples.attemptDetail(),
        next);
  }

  protected Delivery find(long id) {
    return book().find(SCOPE, new DeliveryId(id)).orElseThrow();
  }

  protected DeliveryState state(long id) {
    return find(id).state();
  }
}
