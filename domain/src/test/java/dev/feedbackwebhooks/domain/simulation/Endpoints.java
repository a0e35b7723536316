package dev.feedbackwebhooks.domain.simulation;

import dev.feedbackwebhooks.domain.attempt.AttemptDetail;
import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender;
import dev.feedbackwebhooks.domain.engine.EngineLimits;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One process's sender: counts what it has in flight, and tells the ledger of each request. */
final class Endpoints implements FeedbackSender {
  private final SimulatedProcess process;
  private final Timeline timeline;
  private final Weather weather;
  private final Ledger ledger;
  private final EngineLimits limits;
  private final Map<Scope, Integer> inFlight = new HashMap<>();
  private int total;

  Endpoints(
      SimulatedProcess process,
      Timeline timeline,
      Weather weather,
      Ledger ledger,
      EngineLimits limits) {
    this.process = process;
    this.timeline = timeline;
    this.weather = weather;
    this.ledger = ledger;
    this.limits = limits;
  }

  @Override
  public CompletionStage<Sent> send(Post post) {
    Scope scope = post.config().scope();
    ledger.sent(post, process.number());
    total++;
    ledger.require(total <= limits.totalInFlight(), "more in flight than the bound: " + total);
    int ofLane = inFlight.merge(scope, 1, Integer::sum);
    ledger.require(ofLane <= limits.laneInFlight(), "more in flight than a lane's width");
    Weather.Answer answer = weather.answer(scope);
    CompletableFuture<Sent> result = new CompletableFuture<>();
    timeline.after(answer.delay(), () -> answered(post, answer.result(), result));
    return result;
  }

  int inFlight() {
    return total;
  }

  private void answered(Post post, AttemptResult answer, CompletableFuture<Sent> result) {
    ledger.answered(post, answer);
    process.happen(() -> {
      total--;
      inFlight.merge(post.config().scope(), -1, Integer::sum);
      if (answer instanceof AttemptResult.Retryable retryable
          && retryable.failure() == AttemptFailure.INTERNAL) {
        result.completeExceptionally(new IllegalStateException(retryable.detail()));
      } else {
        result.complete(new Sent(answer, AttemptDetail.NONE));
      }
    });
  }
}
