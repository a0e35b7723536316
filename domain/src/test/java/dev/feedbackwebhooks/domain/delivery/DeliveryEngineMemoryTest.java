package dev.feedbackwebhooks.domain.delivery;

import static dev.feedbackwebhooks.domain.delivery.DeliveryState.CLAIMED;
import static dev.feedbackwebhooks.domain.delivery.DeliveryState.DELIVERED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.config.Scope;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the engine holds of a backlog that is larger than memory. */
class DeliveryEngineMemoryTest {
  private static final Scope A = new Scope("o", "a");
  private static final AttemptResult OK = new AttemptResult.Accepted(200);

  @Test
  void aBacklogLargerThanMemoryGoesThroughAndEachOnce() {
    EngineHarness small =
        new EngineHarness(new EngineLimits(4, 100, 8 << 10, Duration.ofSeconds(60)));
    small.config(A);
    small.enqueue(A, 500);
    Set<DeliveryId> seen = new HashSet<>();
    while (!small.sent.isEmpty()) {
      assertThat(small.sent.size()).isLessThanOrEqualTo(4);
      assertThat(seen.add(small.answer(OK).post().id())).isTrue();
      small.after(Duration.ofMillis(50));
    }
    assertThat(seen).hasSize(500);
    assertThat(small.listed(A, DELIVERED)).hasSize(500);
  }

  @Test
  void manyLanesThatAreDueAtOnceHoldNoMoreThanThereIsMemoryForAndAllOfThemMove() {
    long memory = 128 << 10;
    EngineHarness small =
        new EngineHarness(new EngineLimits(4, 10_000, memory, Duration.ofSeconds(60)));
    List<Scope> scopes = IntStream.range(0, 200).mapToObj(i -> new Scope("o", "s" + i)).toList();
    for (Scope scope : scopes) {
      small.config(scope);
      small.waiting(scope, 10, Payload.of(new byte[1 << 10]));
    }
    var _ = small.engine.start();
    small.mailbox.runAll();
    int claimed = scopes.stream().mapToInt(scope -> small.listed(scope, CLAIMED).size()).sum();
    assertThat(claimed * (1_024L + 512)).isBetween(memory / 2, 2 * memory + 2_048);
    while (!small.sent.isEmpty()) {
      small.answer(OK);
      small.after(Duration.ofMillis(1));
    }
    assertThat(scopes).allSatisfy(scope -> assertThat(small.listed(scope, DELIVERED)).hasSize(10));
  }

  @Test
  void payloadsOfAnySizeStayWithinMemoryButForThoseOfAFewClaims() {
    long memory = 4 << 20;
    int size = 256 << 10;
    EngineHarness small =
        new EngineHarness(new EngineLimits(4, 10_000, memory, Duration.ofSeconds(60)));
    List<Scope> scopes = IntStream.range(0, 300).mapToObj(i -> new Scope("o", "s" + i)).toList();
    for (Scope scope : scopes) {
      small.config(scope);
      small.waiting(scope, 1, Payload.of(new byte[size]));
    }
    var _ = small.engine.start();
    small.mailbox.runAll();
    long claimed = scopes.stream().mapToLong(scope -> small.listed(scope, CLAIMED).size()).sum();
    assertThat(claimed * size).isLessThan(2 * memory + 33L * size);
    while (!small.sent.isEmpty()) {
      small.answer(OK);
      small.after(Duration.ofMillis(1));
    }
    assertThat(scopes).allSatisfy(scope -> assertThat(small.listed(scope, DELIVERED)).hasSize(1));
  }

  @Test
  void whatLapsedInMemoryWhileTheProcessStoodStillIsSentAfterAll() {
    EngineHarness roomy =
        new EngineHarness(new EngineLimits(4, 100, 64 << 20, Duration.ofSeconds(60)));
    roomy.config(A);
    roomy.enqueue(A, 10_000);
    roomy.clock.advance(Duration.ofMinutes(2));
    roomy.after(Duration.ofMillis(50));
    for (int i = 0; i < 10_000; i++) {
      if (roomy.sent.isEmpty()) {
        roomy.after(Duration.ofSeconds(60));
      }
      var _ = roomy.answer(OK);
    }
    assertThat(roomy.listed(A, DELIVERED)).hasSize(10_000);
  }
}
