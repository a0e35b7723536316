package dev.feedbackwebhooks.app.options;

import static dev.feedbackwebhooks.app.options.Rules.positive;
import static dev.feedbackwebhooks.app.options.Rules.require;

import dev.feedbackwebhooks.domain.retention.Retention;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of retention. */
final class RetentionOptions {
  private static final Duration LONGEST_KEPT = Duration.ofDays(36_500);

  @Option(
      names = "--retention-delivered",
      paramLabel = "DURATION",
      defaultValue = "7d",
      description = "How long a delivery is kept once it is delivered (${DEFAULT-VALUE}).")
  Duration retentionDelivered;

  @Option(
      names = "--retention-ended",
      paramLabel = "DURATION",
      defaultValue = "30d",
      description =
          "How long a delivery is kept once it is exhausted, refused or cancelled"
              + " (${DEFAULT-VALUE}).")
  Duration retentionEnded;

  @Option(
      names = "--retention-bodies",
      paramLabel = "DURATION",
      description =
          "How long the body of a delivery that is over is kept, which names recipients and is"
              + " needed to retry it; as long as the delivery by default.")
  Optional<Duration> retentionBodies;

  Retention settings() {
    Duration delivered = kept("--retention-delivered", retentionDelivered);
    Duration ended = kept("--retention-ended", retentionEnded);
    Duration longest = delivered.compareTo(ended) > 0 ? delivered : ended;
    Duration bodies = retentionBodies.orElse(longest);
    positive("--retention-bodies", bodies);
    return new Retention(delivered, ended, bodies);
  }

  private static Duration kept(String name, Duration time) {
    require(
        time.compareTo(Retention.DEDUPLICATION) >= 0 && time.compareTo(LONGEST_KEPT) <= 0,
        name
            + ": must be 7d to 36500d: an event is known as a duplicate for as long as its delivery"
            + " is kept; to part with recipients earlier, use --retention-bodies");
    return time;
  }
}
