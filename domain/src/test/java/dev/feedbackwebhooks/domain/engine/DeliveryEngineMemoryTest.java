package dev.feedbackwebhooks.domain.engine;

import static dev.feedbackwebhooks.domain.delivery.DeliveryState.CLAIMED;
import static dev.feedbackwebhooks.domain.delivery.DeliveryState.DELIVERED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.Payload;
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
    DueAtOnce many = new DueAtOnce(memory, 200, 10, 1 << 10);
    assertThat(many.claimed() * (1_024L + 512)).isBetween(memory / 2, 2 * memory + 2_048);
    many.assertAllAreDelivered();
  }

  @Test
  void payloadsOfAnySizeStayWithinMemoryButForThoseOfAFewClaims() {
    long memory = 4 << 20;
    int size = 256 << 10;
    DueAtOnce large = new DueAtOnce(memory, 300, 1, size);
    assertThat(large.claimed() * size).isLessThan(2 * memory + 33L * size);
    large.assertAllAreDelivered();
  }

  /** An engine that finds a backlog in each of many lanes when it starts. */
  private static final class DueAtOnce {
    private final EngineHarness engine;
    private final List<Scope> scopes;
    private final int each;

    DueAtOnce(long memory, int lanes, int each, int payloadBytes) {
      this.engine = new EngineHarness(new EngineLimits(4, 10_000, memory, Duration.ofSeconds(60)));
      this.scopes = IntStream.range(0, lanes).mapToObj(i -> new Scope("o", "s" + i)).toList();
      this.each = each;
      for (Scope scope : scopes) {
        engine.config(scope);
        engine.waiting(scope, each, Payload.of(new byte[payloadBytes]));
      }
      var _ = engine.engine.start();
      engine.mailbox.runAll();
    }

    long claimed() {
      return scopes.stream().mapToLong(scope -> engine.listed(scope, CLAIMED).size()).sum();
    }

    void assertAllAreDelivered() {
      while (!engine.sent.isEmpty()) {
        engine.answer(OK);
        engine.after(Duration.ofMillis(1));
      }
      assertThat(scopes)
          .allSatisfy(scope -> assertThat(engine.listed(scope, DELIVERED)).hasSize(each));
    }
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
