package dev.feedbackwebhooks.domain.delivery;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import org.jspecify.annotations.Nullable;

/**
 * A delivery in the hands of this process.
 *
 * @param claimId the lease's; settles that carry another one change nothing
 * @param attempts attempts made so far
 * @param firstOfRound attempts that were made before the retry schedule last began anew
 * @param leads the message of which others wait for this one to be over; null for none
 * @param purpose why it is sent: its event, or a replay
 */
public record Claim(
    DeliveryId id,
    Scope scope,
    long configId,
    long claimId,
    int attempts,
    int firstOfRound,
    Payload payload,
    @Nullable MessageKey leads,
    SendReason purpose) {
  private static final SendReason FEEDBACK = new SendReason.Feedback();

  /** One that brings feedback for the first time. */
  public Claim(
      DeliveryId id,
      Scope scope,
      long configId,
      long claimId,
      int attempts,
      int firstOfRound,
      Payload payload) {
    this(id, scope, configId, claimId, attempts, firstOfRound, payload, null, FEEDBACK);
  }

  /** One that was taken in a moment ago. */
  public static Claim of(NewDelivery delivery, Lease lease) {
    return new Claim(
        delivery.id(),
        delivery.scope(),
        delivery.configId(),
        lease.claimId(),
        0,
        0,
        delivery.payload(),
        delivery.turn() instanceof MessageOrder.First(MessageKey message) ? message : null,
        FEEDBACK);
  }

  /** Its next request, by the configuration of now. */
  public FeedbackSender.Post postBy(WebhookConfig config) {
    return new FeedbackSender.Post(config, id, nextAttempt(), payload, purpose);
  }

  /** Whether it lets those that are fresh go first. */
  public boolean replayed() {
    return purpose instanceof SendReason.Replay;
  }

  /** Number of the attempt that comes next, from 1. */
  public int nextAttempt() {
    return attempts + 1;
  }
}
