package dev.feedbackwebhooks.domain.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LatenciesTest {
  @Test
  void aTimeIsToldAtMostAnEighthTooLong() {
    for (long millis = 0; millis < Duration.ofDays(40).toMillis(); millis += 1 + millis / 50) {
      Duration longest = Latencies.longestOf(Latencies.bucket(Duration.ofMillis(millis)));
      assertThat(longest.toMillis()).isBetween(millis, millis + millis / 8);
    }
    assertThat(Latencies.bucket(Duration.ofMillis(-1))).isZero();
    assertThat(Latencies.bucket(Duration.ofDays(1_000_000))).isEqualTo(Latencies.BUCKETS - 1);
  }

  @Test
  void aPercentileIsTheTimeOfItsRank() {
    long[] counts = new long[Latencies.BUCKETS];
    counts[Latencies.bucket(Duration.ofMillis(3))] = 99;
    counts[Latencies.bucket(Duration.ofMillis(7))] = 1;
    Latencies latencies = Latencies.of(counts);
    assertThat(latencies.percentile(0.99)).isEqualTo(Duration.ofMillis(3));
    assertThat(latencies.percentile(0.991)).isEqualTo(Duration.ofMillis(7));
    assertThat(latencies.percentile(1)).isEqualTo(Duration.ofMillis(7));
    assertThat(Latencies.of(new long[Latencies.BUCKETS]).percentile(0.5)).isZero();
  }
}
