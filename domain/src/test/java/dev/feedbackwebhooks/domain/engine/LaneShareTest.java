package dev.feedbackwebhooks.domain.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.config.Scope;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a lane has in flight as other nodes come and go. */
class LaneShareTest {
  private static final Scope A = new Scope("o", "a");
  private static final AttemptResult OK = new AttemptResult.Accepted(200);

  private final EngineHarness t = new EngineHarness();

  @Test
  void aLaneHasItsPartOfTheWidthWhileOtherNodesLive() {
    t.config(A);
    t.engine.shareWith(2);
    t.enqueue(A, 50);
    assertThat(t.sent).as("half of four").hasSize(2);
    t.engine.shareWith(1);
    t.after(Duration.ofMillis(50));
    assertThat(t.sent).as("the other one is gone").hasSize(4);
    t.engine.shareWith(10);
    t.answer(OK);
    t.answer(OK);
    t.answer(OK);
    assertThat(t.sent).as("what was on the wire ends, nothing follows").hasSize(1);
    t.answer(OK);
    assertThat(t.sent).as("one at least").hasSize(1);
  }
}
