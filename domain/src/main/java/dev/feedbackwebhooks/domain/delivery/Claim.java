package dev.feedbackwebhooks.domain.delivery;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;

/**
 * A delivery in the hands of this process.
 *
 * @param claimId the lease's; settles that carry another one change nothing
 * @param attempts attempts made so far
 * @param firstOfRound attempts that were made before the retry schedule last began anew
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
    Purpose purpose) {
  private static final Purpose FEEDBACK = new Purpose.Feedback();

  /** One that brings feedback for the first time. */
  public Claim(
      DeliveryId id,
      Scope scope,
      long configId,
      long claimId,
      int attempts,
      int firstOfRound,
      Payload payload) {
    this(id, scope, configId, claimId, attempts, firstOfRound, payload, FEEDBACK);
  }

  /** Its next request, by the configuration of now. */
  FeedbackSender.Post postBy(WebhookConfig config) {
    return new FeedbackSender.Post(config, id, nextAttempt(), payload, purpose);
  }

  /** Whether it lets those that are fresh go first. */
  boolean replayed() {
    return purpose instanceof Purpose.Replay;
  }

  /** Number of the attempt that comes next, from 1. */
  public int nextAttempt() {
    return attempts + 1;
  }
}
