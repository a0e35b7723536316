package dev.feedbackwebhooks.app.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.stream.LongStream;

/** Times, counted in the same few buckets everywhere: from a millisecond to an hour. */
final class Histograms {
  private static final Duration[] BUCKETS =
      LongStream.of(
              1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000,
              600_000, 3_600_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private Histograms() {}

  /**
   * @param tags names and values
   */
  static Timer timer(MeterRegistry metrics, String name, String... tags) {
    return Timer.builder(name).tags(tags).serviceLevelObjectives(BUCKETS).register(metrics);
  }
}
