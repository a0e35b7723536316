package dev.feedbackwebhooks.app.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutageJourneyTest {
  private static final List<Duration> SCHEDULE =
      List.of(Duration.ofMillis(300), Duration.ofMillis(700), Duration.ofMillis(1_500));

  @TempDir Path directory;

  @Test
  void whatAnEndpointMissedArrivesByTheScheduleOnceItIsUp() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server =
            RunningServer.start(directory, endpoint, "--retry-schedule=300ms,700ms,1500ms")) {
      Api api = new Api(server);
      var _ = api.setUp(Api.config(endpoint.url("/")));
      endpoint.answers(post -> post.attempt() <= 2 ? 503 : 200);

      EventStream stream = new EventStream(api);
      IntStream.range(0, 50).forEach(i -> stream.send(Api.event("e-" + i).build()));
      var _ = stream.end();

      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(endpoint.received()).hasSize(150));
      Map<String, List<Endpoint.Received>> byDelivery =
          endpoint.received().stream().collect(Collectors.groupingBy(Endpoint.Received::webhookId));
      assertThat(byDelivery).hasSize(50);
      byDelivery.values().forEach(OutageJourneyTest::assertBySchedule);
    }
  }

  private static void assertBySchedule(List<Endpoint.Received> attempts) {
    List<Endpoint.Received> inOrder =
        attempts.stream().sorted(Comparator.comparingLong(Endpoint.Received::nanos)).toList();
    assertThat(inOrder).extracting(Endpoint.Received::attempt).containsExactly(1, 2, 3);
    assertThat(inOrder).extracting(Endpoint.Received::body).containsOnly(Api.SAMPLE_PAYLOAD);
    for (int i = 1; i < inOrder.size(); i++) {
      long waited = inOrder.get(i).nanos() - inOrder.get(i - 1).nanos();
      assertThat(Duration.ofNanos(waited))
          .as("attempt %s is never early", i + 1)
          .isGreaterThanOrEqualTo(SCHEDULE.get(i - 1).minusMillis(1));
    }
  }
}
