package dev.feedbackwebhooks.domain.delivery;

import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.attempt.NextStep;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The end of a claim.
 *
 * @param attempt what was tried; null if the delivery was cancelled untried
 */
public record Settlement(Claim claim, @Nullable Attempt attempt, NextStep next, Instant at) {}
