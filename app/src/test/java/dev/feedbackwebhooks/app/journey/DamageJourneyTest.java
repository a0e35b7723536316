package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.proto.v1.FeedbackEvent;
import dev.feedbackwebhooks.proto.v1.ListDeliveriesRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamageJourneyTest {
  private static final int PAGE = 4_096;

  @TempDir Path directory;

  @Test
  void damageThatIsFoundStopsIntakeAndReadinessAndTheNextStart() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory)) {
      try (RunningServer server = RunningServer.start(directory, endpoint)) {
        Api api = new Api(server);
        var _ = api.setUp(Api.config(endpoint.url("/")));
        var _ = api.publish(events(500));
        await().untilAsserted(() -> assertThat(endpoint.received()).hasSize(500));
        server.terminate();
        assertThat(server.exitStatus()).isZero();
      }
      try (RunningServer server = RunningServer.start(directory, endpoint)) {
        Api api = new Api(server);
        assertThat(get(server, "/readyz")).isEqualTo(200);
        // Intake knows the configuration by now: only the store can refuse the next one.
        var _ = api.publish(Api.event("e-new").build());
        overwriteAllPagesButTheFirst();

        Status found = status(() -> list(api));
        assertThat(found.getCode()).isNotEqualTo(Status.Code.OK);
        await().untilAsserted(() -> assertThat(get(server, "/readyz")).isEqualTo(503));
        assertThat(get(server, "/healthz")).isEqualTo(200);
        assertThat(health(server)).isEqualTo(ServingStatus.NOT_SERVING);
        Status refused = status(() -> api.publish(Api.event("e-newer").build()));
        assertThat(refused.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(refused.getDescription()).contains("damaged");
        assertThat(server.log()).contains("nothing more is stored").contains("restore a backup");
      }
      assertThat(RunningServer.refusedStart(directory, endpoint))
          .startsWith("1 feedback-webhooks: the database ")
          .contains("restore a backup")
          .hasLineCount(1);
    }
  }

  private static FeedbackEvent[] events(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Api.event("e-" + i).build())
        .toArray(FeedbackEvent[]::new);
  }

  private static Object list(Api api) {
    return api.deliveries.listDeliveries(
        ListDeliveriesRequest.newBuilder().setParent(Api.PARENT).setPageSize(1_000).build());
  }

  private static ServingStatus health(RunningServer server) {
    return HealthGrpc.newBlockingStub(server.channel())
        .check(HealthCheckRequest.getDefaultInstance())
        .getStatus();
  }

  private static Status status(Runnable call) {
    try {
      call.run();
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    }
  }

  private void overwriteAllPagesButTheFirst() throws IOException {
    try (RandomAccessFile file =
        new RandomAccessFile(directory.resolve("feedback.db").toFile(), "rw")) {
      byte[] rubbish = new byte[(int) file.length() - PAGE];
      Arrays.fill(rubbish, (byte) 0x5a);
      file.seek(PAGE);
      file.write(rubbish);
    }
  }

  private static int get(RunningServer server, String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create(server.ops() + path);
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }
}
