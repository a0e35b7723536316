package dev.feedbackwebhooks.domain.simulation;

import java.util.Objects;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Many runs of a simulation, each from its seed. {@code -Dsimulation.seed=N} replays one, {@code
 * -Dsimulation.histories=N} sets how many there are.
 */
final class Histories {
  static final long COUNT = Long.getLong("simulation.histories", 10_000);

  private Histories() {}

  /** The violation that one of {@code count} histories ended in; empty if none did. */
  static String violation(long count, LongFunction<@Nullable String> history) {
    return seeds(count)
        .parallel()
        .mapToObj(history)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse("");
  }

  private static LongStream seeds(long count) {
    Long one = Long.getLong("simulation.seed");
    return one == null ? LongStream.range(0, count) : LongStream.of(one);
  }
}
