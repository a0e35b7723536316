package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.proto.v1.FeedbackResult;
import dev.feedbackwebhooks.proto.v1.Outcome;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * While its files may not grow, as on a full disk, the server says so, and that it is well again.
 */
class ReadinessJourneyTest {
  @TempDir Path directory;

  @Test
  void aServerThatCannotWriteIsNotReadyUntilItCan() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint)) {
      Api api = new Api(server);
      var _ = api.setUp(Api.config(endpoint.url("/")));
      assertThat(readyz(server)).isEqualTo("200 ready\n");

      limitFiles(server, "4096:");
      assertThat(Refusal.of(() -> api.publish(Api.event("e-1").build())).code())
          .isEqualTo(Status.Code.UNAVAILABLE);
      await()
          .alias("it is not ready, and what it tries meanwhile does not make it so")
          .during(Duration.ofSeconds(3))
          .until(() -> readyz(server).startsWith("503 not ready: the store cannot write"));
      assertThat(health(server)).isEqualTo(ServingStatus.NOT_SERVING);

      limitFiles(server, "unlimited:");
      await().until(() -> readyz(server).startsWith("200"));
      assertThat(health(server)).isEqualTo(ServingStatus.SERVING);
      assertThat(api.publish(Api.event("e-1").build()))
          .extracting(FeedbackResult::getOutcome)
          .containsExactly(Outcome.OUTCOME_ACCEPTED);
    }
  }

  /** Of the running process: nothing but files that grow notices. */
  private static void limitFiles(RunningServer server, String limit) throws Exception {
    int status =
        new ProcessBuilder("prlimit", "--pid=" + server.pid(), "--fsize=" + limit)
            .inheritIO()
            .start()
            .waitFor();
    assertThat(status).isZero();
  }

  private static ServingStatus health(RunningServer server) {
    return HealthGrpc.newBlockingStub(server.channel())
        .check(HealthCheckRequest.getDefaultInstance())
        .getStatus();
  }

  private static String readyz(RunningServer server) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(URI.create(server.ops() + "/readyz")).build(),
              HttpResponse.BodyHandlers.ofString());
      return response.statusCode() + " " + response.body();
    }
  }
}
