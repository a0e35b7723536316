package dev.feedbackwebhooks.domain.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Thousands of histories of faults: see {@link Histories} for how to replay one. */
class EngineSimulationTest {
  @Test
  void inEveryHistoryEachDeliveryEndsWhereItHasTo() {
    assertThat(Histories.violation(Histories.COUNT, History::violation)).isEmpty();
  }
}
