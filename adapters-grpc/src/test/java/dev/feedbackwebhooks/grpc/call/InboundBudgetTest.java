package dev.feedbackwebhooks.grpc.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedbackwebhooks.domain.fault.Fault;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class InboundBudgetTest {
  private final InboundBudget budget = new InboundBudget(10, 20);

  static List<Supplier<CompletionStage<String>>> ends() {
    return List.of(
        () -> CompletableFuture.completedFuture("done"),
        () -> CompletableFuture.failedFuture(new IllegalStateException("no")),
        () -> {
          throw new IllegalStateException("no");
        });
  }

  @ParameterizedTest
  @MethodSource("ends")
  void whatIsDoneTakesNoRoomHoweverItEnds(Supplier<CompletionStage<String>> work) {
    for (int i = 0; i < 100; i++) {
      assertThat(budget.during(15, work)).isDone();
    }
    assertThat(budget.admits(() -> {})).isTrue();
  }

  @Test
  void beyondTheSecondBoundNothingIsBegunUntilThereIsRoom() {
    CompletableFuture<String> first = new CompletableFuture<>();
    CompletableFuture<String> _ = budget.during(15, () -> first);
    AtomicInteger resumed = new AtomicInteger();
    assertThat(budget.admits(resumed::incrementAndGet)).isFalse();
    assertThatThrownBy(() -> budget.during(6, () -> first)).isInstanceOf(Fault.Unavailable.class);
    assertThat(resumed).hasValue(0);
    var _ = first.complete("done");
    assertThat(resumed).hasValue(1);
    assertThat(budget.during(15, () -> first)).isDone();
  }
}
