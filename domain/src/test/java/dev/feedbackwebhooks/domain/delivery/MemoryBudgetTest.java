package dev.feedbackwebhooks.domain.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.config.Scope;
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
  void aLaneThatHoldsNothingMayHoldOneUntilTwiceTheMemoryIsTaken() {
    int lanes = 0;
    while (lanes < 500 && budget.reserve(scope(lanes), KIB)) {
      lanes++;
    }
    assertThat(lanes).isEqualTo(200);
    assertThat(budget.reserve(scope(0), KIB)).isFalse();
    assertThat(budget.claimable(scope(0))).isNotPositive();
    assertThat(budget.claimable(scope(999))).isZero();
    budget.giveBack(scope(0), KIB);
    assertThat(budget.claimable(scope(0))).isPositive();
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
