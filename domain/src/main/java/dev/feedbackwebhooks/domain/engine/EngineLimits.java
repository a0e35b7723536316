package dev.feedbackwebhooks.domain.engine;

import java.time.Duration;

/**
 * The engine's bounds.
 *
 * @param laneInFlight requests that one lane may have in flight, on all nodes together: see {@link
 *     DeliveryEngine#shareWith}
 * @param totalInFlight requests that this node may have in flight
 * @param memoryBytes deliveries held in memory; the rest waits on disk
 * @param lease how long a claim stands without being renewed
 */
public record EngineLimits(int laneInFlight, int totalInFlight, long memoryBytes, Duration lease) {}
