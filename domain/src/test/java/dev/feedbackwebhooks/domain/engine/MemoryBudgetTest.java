package dev.feedbackwebhooks.domain.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.Payload;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
  private static final Payload KIB = Payload.of(new byte[512]);

  private final MemoryBudget budget = new MemoryBudget(100 << 10);

  @Test
  void oneLaneNeverTakesAllHoweverMuchItHas() {
    int taken = fill(scope(0));
    assertThat(taken).isBetween(15, 25);
    assertThat(fill(scope(1))).as("the next one still gets its share").isPositive();
  }

  @Test
  void aLaneThatHoldsNothingMayHoldOneUntilHalfAsMuchAgainIsTaken() {
    int lanes = 0;
    while (lanes < 500 && budget.reserve(scope(lanes), KIB)) {
      lanes++;
    }
    assertThat(lanes).isEqualTo(150);
    assertThat(budget.reserve(scope(0), KIB)).isFalse();
    assertThat(budget.reserve(scope(0), 1)).isNull();
    assertThat(budget.reserve(scope(999), 1)).isNull();
    budget.giveBack(scope(0), KIB);
    assertThat(budget.reserve(scope(0), 1)).isNotNull();
  }

  @Test
  void roomForAClaimIsTakenBeforeItsAnswerIsThere() {
    DeliveryQueue.Room room = Objects.requireNonNull(budget.reserve(scope(0), 100));
    assertThat(room.deliveries()).isEqualTo(25);
    assertThat(budget.reserve(scope(0), 100)).isNull();
    assertThat(budget.reserve(scope(1), 100)).extracting("deliveries").isEqualTo(12);
    budget.claimed(scope(0), room, List.of());
    assertThat(budget.reserve(scope(0), 100)).isNotNull();
  }

  @Test
  void whatIsGivenBackIsFreeAgain() {
    int first = fill(scope(0));
    for (int i = 0; i < first; i++) {
      budget.giveBack(scope(0), KIB);
    }
    assertThat(fill(scope(0))).isEqualTo(first);
  }

  private int fill(Scope scope) {
    int taken = 0;
    while (budget.reserve(scope, KIB)) {
      taken++;
    }
    return taken;
  }

  private static Scope scope(int lane) {
    return new Scope("o", "s" + lane);
  }
}
