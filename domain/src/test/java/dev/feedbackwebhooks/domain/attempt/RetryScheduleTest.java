package dev.feedbackwebhooks.domain.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.testing.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryScheduleTest {
  private static final Instant NOW = Samples.NOW;
  private static final List<Duration> DELAYS =
      List.of(Duration.ofSeconds(5), Duration.ofMinutes(5), Duration.ofHours(10));

  private final RetrySchedule early = new RetrySchedule(DELAYS, () -> 0);
  private final RetrySchedule late = new RetrySchedule(DELAYS, () -> 0.999);

  @ParameterizedTest
  @CsvSource({"1, 5", "2, 300", "3, 36000"})
  void eachAttemptHasItsDelayNeverEarlyAndAtMostATenthLate(int attempts, long seconds) {
    assertThat(early.after(retryable(null), attempts, NOW))
        .isEqualTo(new NextStep.RetryAt(NOW.plusSeconds(seconds)));
    assertThat(late.after(retryable(null), attempts, NOW))
        .isInstanceOfSatisfying(
            NextStep.RetryAt.class,
            retry ->
                assertThat(retry.at())
                    .isAfter(NOW.plusSeconds(seconds))
                    .isBeforeOrEqualTo(NOW.plusMillis(seconds * 1_100)));
  }

  @Test
  void anAcceptedAttemptEndsIt() {
    assertThat(early.after(new AttemptResult.Accepted(200), 1, NOW)).isEqualTo(new NextStep.Done());
  }

  @Test
  void aUsedUpScheduleGivesUpAndSaysWhy() {
    assertThat(early.after(retryable(null), 4, NOW))
        .isEqualTo(
            new NextStep.GiveUp(NextStep.Ending.EXHAUSTED, "gave up after 4 attempts: HTTP 503"));
    assertThat(new RetrySchedule(List.of(), () -> 0).after(retryable(null), 1, NOW))
        .isEqualTo(
            new NextStep.GiveUp(NextStep.Ending.EXHAUSTED, "gave up after 1 attempt: HTTP 503"));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 3, 5", // a shorter wish changes nothing
    "1, 60, 60",
    "1, 21600, 21600",
    "1, 99999, 21600", // no longer than six hours
    "3, 99999, 36000", // unless the schedule itself is longer
  })
  void theEndpointsWishIsHonouredWithinBounds(int attempts, long hint, long seconds) {
    assertThat(early.after(retryable(Duration.ofSeconds(hint)), attempts, NOW))
        .isEqualTo(new NextStep.RetryAt(NOW.plusSeconds(seconds)));
  }

  @Test
  void noJitterTakesTheEndpointsWishPastSixHours() {
    assertThat(late.after(retryable(Duration.ofHours(6)), 1, NOW))
        .isEqualTo(new NextStep.RetryAt(NOW.plus(Duration.ofHours(6))));
  }

  @Test
  void aRefusalIsWorthThreeAttempts() {
    AttemptResult refused = new AttemptResult.Refused(404, "HTTP 404");
    assertThat(early.after(refused, 1, NOW)).isEqualTo(new NextStep.RetryAt(NOW.plusSeconds(5)));
    assertThat(early.after(refused, 2, NOW)).isEqualTo(new NextStep.RetryAt(NOW.plusSeconds(300)));
    assertThat(early.after(refused, 3, NOW))
        .isEqualTo(
            new NextStep.GiveUp(NextStep.Ending.EXHAUSTED, "gave up after 3 attempts: HTTP 404"));
  }

  @Test
  void goneEndsItAtOnce() {
    assertThat(early.after(new AttemptResult.Refused(410, "HTTP 410"), 1, NOW))
        .isEqualTo(new NextStep.GiveUp(NextStep.Ending.REFUSED, "HTTP 410"));
  }

  private static AttemptResult retryable(@Nullable Duration hint) {
    return new AttemptResult.Retryable(AttemptFailure.HTTP_STATUS, 503, hint, "HTTP 503");
  }
}
