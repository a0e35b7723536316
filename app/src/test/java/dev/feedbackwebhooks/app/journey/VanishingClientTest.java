package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.proto.v1.FeedbackResult;
import dev.feedbackwebhooks.proto.v1.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VanishingClientTest {
  private static final int EVENTS = 5_000;

  @TempDir Path directory;

  @Test
  void aClientThatVanishesInTheMiddleLosesNothingAcknowledged() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint)) {
      Api api = new Api(server);
      var _ = api.setUp(Api.config(endpoint.url("/")));
      EventStream stream = new EventStream(api);
      IntStream.range(0, EVENTS).forEach(i -> stream.send(Api.event("e-" + i).build()));
      await().pollInterval(Duration.ofMillis(2)).until(() -> stream.results().size() >= 100);
      server.channel().shutdownNow();

      List<String> acknowledged =
          stream.results().stream()
              .filter(result -> result.getOutcome() == Outcome.OUTCOME_ACCEPTED)
              .map(FeedbackResult::getDelivery)
              .map(name -> name.substring(name.lastIndexOf('/') + 1))
              .toList();
      assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(100);
      await()
          .untilAsserted(() ->
              assertThat(endpoint.received())
                  .extracting(Endpoint.Received::webhookId)
                  .doesNotHaveDuplicates()
                  .containsAll(acknowledged));
    }
  }
}
