package dev.feedbackwebhooks.domain.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Thousands of histories of faults, each from its seed. {@code -Dsimulation.seed=N} replays one,
 * {@code -Dsimulation.histories=N} sets how many there are.
 */
class EngineSimulationTest {
  private static final long HISTORIES = Long.getLong("simulation.histories", 10_000);

  @Test
  void inEveryHistoryEachDeliveryEndsWhereItHasTo() {
    assertThat(
            seeds()
                .parallel()
                .mapToObj(History::violation)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(""))
        .isEmpty();
  }

  private static LongStream seeds() {
    Long one = Long.getLong("simulation.seed");
    return one == null ? LongStream.range(0, HISTORIES) : LongStream.of(one);
  }
}
