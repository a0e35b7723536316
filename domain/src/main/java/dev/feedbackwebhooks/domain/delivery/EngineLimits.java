package dev.feedbackwebhooks.domain.delivery;

import java.time.Duration;

/**
 * The engine's bounds.
 *
 * @param laneInFlight requests that one lane may have in flight
 * @param totalInFlight requests in flight together
 * @param memoryBytes deliveries held in memory; the rest waits on disk
 * @param lease how long a claim stands without being renewed
 */
public record EngineLimits(int laneInFlight, int totalInFlight, long memoryBytes, Duration lease) {}
