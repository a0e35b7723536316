package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Timestamps;
import dev.feedbackwebhooks.proto.v1.Attempt;
import dev.feedbackwebhooks.proto.v1.AttemptFailure;
import dev.feedbackwebhooks.proto.v1.Delivery;
import dev.feedbackwebhooks.proto.v1.DeliveryState;
import dev.feedbackwebhooks.proto.v1.FeedbackResult;
import dev.feedbackwebhooks.proto.v1.GetDeliveryRequest;
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

      await().untilAsserted(() -> assertThat(endpoint.received()).hasSize(150));
      Map<String, List<Endpoint.Received>> byDelivery =
          endpoint.received().stream().collect(Collectors.groupingBy(Endpoint.Received::webhookId));
      assertThat(byDelivery).hasSize(50);
      byDelivery.values().forEach(OutageJourneyTest::assertBySchedule);
    }
  }

  @Test
  void whatAnEndpointMissedWhileItWasDownArrivesOnceItIsUp() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server =
            RunningServer.start(
                directory, endpoint, Patience.retries("300ms", "700ms", "1500ms"))) {
      Api api = new Api(server);
      var _ = api.setUp(Api.config(endpoint.url("/")));
      endpoint.goDown();
      EventStream stream = new EventStream(api);
      IntStream.range(0, 50).forEach(i -> stream.send(Api.event("e-" + i).build()));
      List<String> deliveries = stream.end().stream().map(FeedbackResult::getDelivery).toList();
      await()
          .untilAsserted(
              () -> assertThat(deliveries).allMatch(name -> get(api, name).getAttemptCount() >= 2));

      endpoint.comeUp();
      await()
          .untilAsserted(() ->
              assertThat(deliveries)
                  .allMatch(
                      name -> get(api, name).getState() == DeliveryState.DELIVERY_STATE_DELIVERED));
      assertThat(endpoint.received()).as("each once").hasSize(50);
      deliveries.forEach(name -> assertRefusedBySchedule(get(api, name).getAttemptsList()));
    }
  }

  private static Delivery get(Api api, String name) {
    return api.deliveries.getDelivery(GetDeliveryRequest.newBuilder().setName(name).build());
  }

  private static void assertRefusedBySchedule(List<Attempt> attempts) {
    assertThat(attempts.size()).isGreaterThanOrEqualTo(3);
    for (int i = 1; i < attempts.size(); i++) {
      Attempt earlier = attempts.get(i - 1);
      assertThat(earlier.getFailure()).isEqualTo(AttemptFailure.ATTEMPT_FAILURE_CONNECT_REFUSED);
      Duration waited =
          Duration.ofMillis(
              Timestamps.toMillis(attempts.get(i).getStartTime())
                  - Timestamps.toMillis(earlier.getStartTime()));
      Duration least = i <= SCHEDULE.size() ? SCHEDULE.get(i - 1) : Duration.ofSeconds(1);
      assertThat(waited).as("attempt %s is never early", i + 1).isGreaterThanOrEqualTo(least);
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
