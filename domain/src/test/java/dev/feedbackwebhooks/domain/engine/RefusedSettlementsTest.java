package dev.feedbackwebhooks.domain.engine;

import static dev.feedbackwebhooks.domain.delivery.DeliveryState.DELIVERED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.AttemptDetail;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.testing.Samples;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the store refuses of single settlements holds up no other one. */
class RefusedSettlementsTest {
  private static final Scope SCOPE = Samples.SCOPE;
  private static final int ALL = 1_000;

  private final EngineHarness t =
      new EngineHarness(new EngineLimits(2 * ALL, 4 * ALL, 64 << 20, Duration.ofMinutes(10)));

  private void answerAll() {
    while (!t.sent.isEmpty()) {
      t.sent
          .removeFirst()
          .answer()
          .complete(new FeedbackSender.Sent(new AttemptResult.Accepted(200), AttemptDetail.NONE));
    }
    t.mailbox.runAll();
  }

  private static int number(NewDelivery delivery) {
    return Integer.parseInt(delivery.subject().eventId().substring("e-".length()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 20, 100, 500})
  void theOthersAreWrittenAtOnceAndTheStoreIsNotTakenForDown(int some) {
    t.config(SCOPE);
    t.enqueue(SCOPE, ALL);
    t.deliveries.refuse(delivery -> number(delivery) < some);
    answerAll();
    assertThat(t.listed(SCOPE, DELIVERED).size()).isEqualTo(ALL - some);
    for (int second = 0; second < 120; second++) {
      t.after(Duration.ofSeconds(1));
    }
    assertThat(t.heard).doesNotContain("settles nothing");
    assertThat(t.heard).filteredOn(each -> each.startsWith("refused ")).hasSize(some);
  }

  @Test
  void aStoreThatRefusesEverythingIsTakenForDown() {
    t.config(SCOPE);
    t.enqueue(SCOPE, 2 * ALL);
    t.deliveries.refuse(_ -> true);
    answerAll();
    assertThat(t.heard).contains("settles nothing");
    t.deliveries.refuse(_ -> false);
    for (int second = 0; second < 60; second++) {
      t.after(Duration.ofSeconds(1));
      answerAll();
    }
    assertThat(t.heard).contains("settles again");
    assertThat(t.listed(SCOPE, DELIVERED).size()).isEqualTo(2 * ALL);
  }
}
