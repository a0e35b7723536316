package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.proto.v1.FeedbackResult;
import dev.feedbackwebhooks.proto.v1.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashJourneyTest {
  private static final int CRASHES = 5;
  private static final int ACKNOWLEDGED_BEFORE_A_CRASH = 300;
  private static final int MOST_SENT_IN_A_ROUND = 20_000;

  @TempDir Path directory;

  /** Settings of each server, for those who run it in another way. */
  String[] settings(String... settings) {
    return settings;
  }

  @Test
  void nothingAcknowledgedIsLostByKillingTheServer() throws Exception {
    Set<String> acknowledged = new HashSet<>();
    try (Endpoint endpoint = Endpoint.start(directory)) {
      for (int round = 0; round < CRASHES; round++) {
        acknowledged.addAll(streamUntilKilled(endpoint, round));
      }
      assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(CRASHES * ACKNOWLEDGED_BEFORE_A_CRASH);

      try (RunningServer _ =
          RunningServer.start(directory, endpoint, settings(Patience.retries()))) {
        await().until(() -> delivered(endpoint).keySet().containsAll(acknowledged));
      }
      assertThat(delivered(endpoint).values())
          .as("bodies per webhook-id")
          .allSatisfy(bodies -> assertThat(bodies).hasSize(1));
    }
  }

  private Set<String> streamUntilKilled(Endpoint endpoint, int round) throws Exception {
    try (RunningServer server =
        RunningServer.start(directory, endpoint, settings(Patience.retries()))) {
      Api api = new Api(server);
      if (round == 0) {
        var _ = api.setUp(Api.config(endpoint.url("/")));
      }
      EventStream stream = new EventStream(api);
      Thread pipeline =
          Thread.ofVirtual()
              .start(() -> {
                for (int i = 0; i < MOST_SENT_IN_A_ROUND && !stream.isOver(); i++) {
                  String id = "e-" + round + "-" + i;
                  stream.send(Api.event(id).setRequestId(id).build());
                }
              });
      await()
          .pollInterval(Duration.ofMillis(5))
          .until(() -> stream.results().size() >= ACKNOWLEDGED_BEFORE_A_CRASH);
      server.kill();
      pipeline.join();
      return stream.results().stream()
          .filter(result -> result.getOutcome() == Outcome.OUTCOME_ACCEPTED)
          .map(FeedbackResult::getDelivery)
          .map(name -> name.substring(name.lastIndexOf('/') + 1))
          .collect(Collectors.toSet());
    }
  }

  private static Map<String, Set<String>> delivered(Endpoint endpoint) {
    return endpoint.received().stream()
        .collect(
            Collectors.groupingBy(
                Endpoint.Received::webhookId,
                Collectors.mapping(Endpoint.Received::body, Collectors.toSet())));
  }
}
