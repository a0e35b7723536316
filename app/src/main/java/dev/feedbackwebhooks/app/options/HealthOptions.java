package dev.feedbackwebhooks.app.options;

import static dev.feedbackwebhooks.app.options.Rules.require;

import dev.feedbackwebhooks.domain.health.HealthRules;
import java.time.Duration;
import picocli.CommandLine.Option;

/** When an endpoint that fails has its configuration disabled. */
final class HealthOptions {
  @Option(
      names = "--disable-after",
      paramLabel = "DURATION",
      defaultValue = "5d",
      description =
          "An endpoint that accepted nothing for so long has its configuration disabled; 0s for"
              + " never (${DEFAULT-VALUE}).")
  Duration disableAfter;

  @Option(
      names = "--disable-spread",
      paramLabel = "DURATION",
      defaultValue = "12h",
      description =
          "Time between failures within one day that an endpoint must have had for that"
              + " (${DEFAULT-VALUE}).")
  Duration disableSpread;

  HealthRules settings() {
    require(
        disableSpread.compareTo(Duration.ofDays(1)) <= 0,
        "--disable-spread: is longer than a day, within which failures are compared");
    return new HealthRules(disableAfter, disableSpread);
  }
}
