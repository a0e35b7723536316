package dev.feedbackwebhooks.domain.delivery;

import java.time.Instant;

/**
 * A claim's terms.
 *
 * @param claimId unlike that of any other claim ever made; fences what its holder later does
 * @param until after this instant anyone may claim the delivery anew
 */
public record Lease(long claimId, Instant until) {}
