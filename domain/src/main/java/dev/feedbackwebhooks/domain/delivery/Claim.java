package dev.feedbackwebhooks.domain.delivery;

import dev.feedbackwebhooks.domain.config.Scope;

/**
 * A delivery in the hands of this process.
 *
 * @param claimId the lease's; settles that carry another one change nothing
 * @param attempts attempts made so far
 * @param firstOfRound attempts that were made before the retry schedule last began anew
 */
public record Claim(
    DeliveryId id,
    Scope scope,
    long configId,
    long claimId,
    int attempts,
    int firstOfRound,
    Payload payload) {
  /** Number of the attempt that comes next, from 1. */
  public int nextAttempt() {
    return attempts + 1;
  }
}
