package dev.feedbackwebhooks.app.options;

import static dev.feedbackwebhooks.app.options.Rules.between;
import static dev.feedbackwebhooks.app.options.Rules.positive;
import static dev.feedbackwebhooks.app.options.Rules.require;

import dev.feedbackwebhooks.domain.engine.EngineLimits;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Option;

/** The options of delivery attempts. */
final class DeliveryOptions {
  private static final Duration LEASE_MARGIN = Duration.ofSeconds(5);
  private static final Duration LONGEST_DELAY = Duration.ofDays(30);
  private static final long MIB = 1024L * 1024;

  @Option(
      names = "--retry-schedule",
      paramLabel = "DELAYS",
      split = ",",
      defaultValue = "5s,5m,30m,2h,5h,10h,14h,20h,24h",
      description = "Delays before attempts 2, 3, … (${DEFAULT-VALUE}).")
  List<Duration> retrySchedule;

  @Option(
      names = "--attempt-timeout",
      paramLabel = "DURATION",
      defaultValue = "15s",
      description = "For one whole exchange, body included (${DEFAULT-VALUE}).")
  Duration attemptTimeout;

  @Option(
      names = "--lease",
      paramLabel = "DURATION",
      defaultValue = "60s",
      description = "How long a claim stands without being renewed (${DEFAULT-VALUE}).")
  Duration lease;

  @Option(
      names = "--endpoint-in-flight",
      paramLabel = "N",
      defaultValue = "64",
      description = "Requests in flight to one endpoint (${DEFAULT-VALUE}).")
  int endpointInFlight;

  @Option(
      names = "--total-in-flight",
      paramLabel = "N",
      defaultValue = "4096",
      description = "Requests in flight together (${DEFAULT-VALUE}).")
  int totalInFlight;

  @Option(
      names = "--delivery-memory",
      paramLabel = "MIB",
      defaultValue = "64",
      description =
          "MiB for deliveries in memory, half as much again for those of very many customers; more"
              + " wait on disk (${DEFAULT-VALUE}).")
  int deliveryMemoryMib;

  Duration attemptTimeout() {
    positive("--attempt-timeout", attemptTimeout);
    return attemptTimeout;
  }

  EngineLimits limits() {
    require(
        lease.compareTo(attemptTimeout().plus(LEASE_MARGIN)) > 0,
        "--lease: must be longer than --attempt-timeout and 5s more, or deliveries in flight would"
            + " be claimed a second time");
    between("--endpoint-in-flight", endpointInFlight, 1, 1_000);
    between("--total-in-flight", totalInFlight, 1, 100_000);
    between("--delivery-memory", deliveryMemoryMib, 1, 65_536);
    return new EngineLimits(endpointInFlight, totalInFlight, deliveryMemoryMib * MIB, lease);
  }

  /** Delays before attempts 2, 3, …. */
  List<Duration> schedule() {
    for (Duration delay : retrySchedule) {
      positive("--retry-schedule", delay);
      require(
          delay.compareTo(LONGEST_DELAY) <= 0, "--retry-schedule: a delay is longer than 30 days");
    }
    require(retrySchedule.size() <= 50, "--retry-schedule: has more than 50 delays");
    return retrySchedule;
  }
}
