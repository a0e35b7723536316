package dev.feedbackwebhooks.domain.simulation;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.config.Scope;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** How store and endpoints behave at the moment. */
final class Weather {
  static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(4);

  /** What an endpoint does with most requests. */
  enum Endpoint {
    ACCEPTS,
    BUSY,
    BUSY_AND_SAYS_UNTIL_WHEN,
    REFUSES,
    GONE,
    HANGS,
    BREAKS_SENDER
  }

  /** An answer, and after how many milliseconds it comes. */
  record Answer(AttemptResult result, int delay) {}

  private final Timeline timeline;
  private final Map<Scope, Endpoint> endpoints = new HashMap<>();
  private int mostStoreDelay = 4;

  Weather(Timeline timeline) {
    this.timeline = timeline;
  }

  void clearUp() {
    endpoints.clear();
    mostStoreDelay = 4;
  }

  void endpoint(Scope scope, Endpoint endpoint) {
    endpoints.put(scope, endpoint);
  }

  void storeDelay(int most) {
    mostStoreDelay = most;
  }

  int storeDelay() {
    return timeline.between(0, mostStoreDelay);
  }

  Answer answer(Scope scope) {
    Endpoint endpoint = endpoints.getOrDefault(scope, Endpoint.ACCEPTS);
    boolean unlikeItself = endpoint != Endpoint.ACCEPTS && timeline.oneIn(6);
    return answer(unlikeItself ? Endpoint.ACCEPTS : endpoint);
  }

  private Answer answer(Endpoint endpoint) {
    int soon = timeline.between(1, timeline.oneIn(5) ? 1_500 : 40);
    return switch (endpoint) {
      case ACCEPTS -> new Answer(new AttemptResult.Accepted(200), soon);
      case BUSY -> new Answer(busy(0), soon);
      case BUSY_AND_SAYS_UNTIL_WHEN -> new Answer(busy(timeline.between(1, 30)), soon);
      case REFUSES -> new Answer(new AttemptResult.Refused(422, "HTTP 422"), soon);
      case GONE -> new Answer(new AttemptResult.Refused(410, "HTTP 410"), soon);
      case HANGS -> new Answer(timeout(), (int) ATTEMPT_TIMEOUT.toMillis());
      case BREAKS_SENDER ->
          new Answer(
              new AttemptResult.Retryable(AttemptFailure.INTERNAL, 0, null, "to be thrown"), soon);
    };
  }

  private static AttemptResult busy(int seconds) {
    return new AttemptResult.Retryable(
        AttemptFailure.HTTP_STATUS,
        503,
        seconds == 0 ? null : Duration.ofSeconds(seconds),
        "HTTP 503");
  }

  private static AttemptResult timeout() {
    return new AttemptResult.Retryable(AttemptFailure.TIMEOUT, 0, null, "late");
  }
}
