package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.proto.v1.FeedbackEvent;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LifecycleJourneyTest {
  @TempDir Path directory;

  @Test
  void aDrainEndsWhatIsInFlightAndLeavesTheRestForTheNextStart() throws Exception {
    CountDownLatch drain = new CountDownLatch(1);
    try (Endpoint endpoint = Endpoint.start(directory)) {
      try (RunningServer server =
          RunningServer.start(directory, endpoint, "--endpoint-in-flight=2")) {
        endpoint.answers(_ -> waitThenAnswer(drain));
        Api api = new Api(server);
        var _ = api.setUp(Api.config(endpoint.url("/")));
        var _ =
            api.publish(
                IntStream.range(0, 10)
                    .mapToObj(i -> Api.event("e-" + i).build())
                    .toArray(FeedbackEvent[]::new));
        await().untilAsserted(() -> assertThat(endpoint.received()).hasSize(2));

        server.terminate();
        await().until(() -> server.log().contains("draining"));
        drain.countDown();

        assertThat(server.exitStatus()).isZero();
        assertThat(endpoint.received()).hasSize(2);
      }
      try (RunningServer _ = RunningServer.start(directory, endpoint)) {
        await()
            .untilAsserted(() ->
                assertThat(endpoint.received())
                    .extracting(Endpoint.Received::webhookId)
                    .doesNotHaveDuplicates()
                    .hasSize(10));
      }
    }
  }

  private static int waitThenAnswer(CountDownLatch drain) {
    try {
      drain.await();
      return 200;
    } catch (InterruptedException _) {
      return 500;
    }
  }

  @Test
  void aSecondProcessOnTheSameDatabaseIsRefused() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer _ = RunningServer.start(directory, endpoint)) {
      assertThat(RunningServer.refusedStart(directory, endpoint))
          .startsWith("1 feedback-webhooks: ")
          .contains("feedback.db")
          .contains("another process")
          .doesNotContain("\tat ");
    }
  }

  @Test
  void aStartThatFailsSaysWhatIsWrongInOneLine() throws Exception {
    Path noKeys = Files.writeString(directory.resolve("empty.json"), "nothing");
    try (Endpoint endpoint = Endpoint.start(directory)) {
      String said =
          RunningServer.refusedStart(
              directory, endpoint, "--auth=jwt", "--auth-jwks=" + noKeys, "--auth-audience=a");
      assertThat(said)
          .startsWith("1 feedback-webhooks: --auth-jwks: " + noKeys + " cannot be read")
          .hasLineCount(1);
    }
  }

  @Test
  void operatorsSeeHealthReadinessAndMetrics() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint)) {
      Api api = new Api(server);
      var _ = api.setUp(Api.config(endpoint.url("/")));
      var _ = api.publish(Api.event("e-1").build(), Api.event("e-1").build());
      await().untilAsserted(() -> assertThat(endpoint.received()).hasSize(1));

      assertThat(
              HealthGrpc.newBlockingStub(server.channel())
                  .check(HealthCheckRequest.getDefaultInstance())
                  .getStatus())
          .isEqualTo(ServingStatus.SERVING);
      assertThat(get(server, "/healthz")).isEqualTo("200 ok\n");
      assertThat(get(server, "/readyz")).isEqualTo("200 ready\n");
      await()
          .untilAsserted(() ->
              assertThat(get(server, "/metrics"))
                  .contains("feedback_webhooks_events_total{outcome=\"accepted\"")
                  .contains("feedback_webhooks_deliveries_total{ending=\"delivered\"} 1.0")
                  .doesNotContain("myImsOrg"));
      assertThat(get(server, "/other")).startsWith("404");
    }
  }

  private static String get(RunningServer server, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(URI.create(server.ops() + path)).build(),
              HttpResponse.BodyHandlers.ofString());
      return response.statusCode() + " " + response.body();
    }
  }
}
