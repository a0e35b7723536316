package dev.feedbackwebhooks.sender;

import dev.feedbackwebhooks.domain.delivery.AttemptFailure;
import dev.feedbackwebhooks.domain.delivery.AttemptResult;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One request and its answer, on one event loop; ended by its answer, a failure, or its time. */
final class Exchange {
  /** An answer's body is of no use to us: what is longer is cut off. */
  private static final int MOST_BODY_BYTES = 16 * 1024;

  private final ResponseJudge judge;
  private final CompletableFuture<AttemptResult> result = new CompletableFuture<>();
  private @Nullable HttpClientRequest request;
  private int bodyBytes;

  Exchange(ResponseJudge judge) {
    this.judge = judge;
  }

  CompletableFuture<AttemptResult> result() {
    return result;
  }

  /** Begins the time of the whole exchange. */
  void within(Vertx vertx, Duration timeout) {
    long timer =
        vertx.setTimer(
            timeout.toMillis(),
            _ ->
                end(
                    FailureJudge.judge(
                        new ExchangeException(
                            AttemptFailure.TIMEOUT,
                            FailureJudge.text(AttemptFailure.TIMEOUT),
                            null))));
    var _ = result.whenComplete((_, _) -> vertx.cancelTimer(timer));
  }

  void begin(HttpClient client, RequestOptions options, Buffer body) {
    if (result.isDone()) {
      return;
    }
    client.request(options).onSuccess(ready -> send(ready, body)).onFailure(this::fail);
  }

  private void send(HttpClientRequest ready, Buffer body) {
    if (result.isDone()) {
      // Its time passed while it waited for a connection.
      ready.exceptionHandler(this::fail);
      var _ = ready.reset();
      return;
    }
    request = ready;
    ready.exceptionHandler(this::fail);
    ready.send(body).onSuccess(this::receive).onFailure(this::fail);
  }

  private void receive(HttpClientResponse response) {
    response.exceptionHandler(this::fail);
    response.handler(part -> {
      bodyBytes += part.length();
      if (bodyBytes > MOST_BODY_BYTES) {
        end(judged(response));
      }
    });
    response.endHandler(_ -> finish(judged(response)));
  }

  private AttemptResult judged(HttpClientResponse response) {
    return judge.judge(response.statusCode(), response.getHeader("retry-after"));
  }

  void fail(Throwable failure) {
    end(FailureJudge.judge(failure));
  }

  private void finish(AttemptResult answer) {
    result.complete(answer);
  }

  /** Ends an exchange that is not through: its stream or connection is of no use any more. */
  private void end(AttemptResult answer) {
    if (result.complete(answer) && request != null) {
      var _ = request.reset();
    }
  }
}
