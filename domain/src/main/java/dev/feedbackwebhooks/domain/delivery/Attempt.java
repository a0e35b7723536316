package dev.feedbackwebhooks.domain.delivery;

import java.time.Duration;
import java.time.Instant;

/**
 * One HTTP request, or the try at one.
 *
 * @param number from 1
 */
public record Attempt(int number, Instant start, Duration duration, AttemptResult result) {}
