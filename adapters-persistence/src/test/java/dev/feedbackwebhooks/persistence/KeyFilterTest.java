package dev.feedbackwebhooks.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class KeyFilterTest {
  private final KeyFilter filter = new KeyFilter();

  private static LongStream random(long seed, int count) {
    return new SplittableRandom(seed).longs(count);
  }

  @Test
  void whileTheTableIsNotReadAnyKeyMayBeThere() {
    assertThat(filter.mayHold(1)).isTrue();
    filter.fill(LongStream.empty());
    assertThat(filter.mayHold(1)).isFalse();
  }

  @Test
  void noKeyIsEverMissedAndFewAreSuspected() {
    filter.fill(random(1, 700_000));
    random(2, 1_200_000).forEach(filter::add);
    assertThat(random(1, 700_000).allMatch(filter::mayHold)).isTrue();
    assertThat(random(2, 1_200_000).allMatch(filter::mayHold)).isTrue();
    assertThat(random(3, 100_000).filter(filter::mayHold).count()).isLessThan(5_000);
  }
}
