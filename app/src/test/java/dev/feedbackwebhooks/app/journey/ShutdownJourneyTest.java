package dev.feedbackwebhooks.app.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.longrunning.WaitOperationRequest;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import dev.feedbackwebhooks.cli.ClientCommands;
import dev.feedbackwebhooks.cli.terminal.Terminal;
import dev.feedbackwebhooks.proto.v1.ReplayDeliveriesRequest;
import dev.feedbackwebhooks.proto.v1.StreamFeedbackRequest;
import dev.feedbackwebhooks.proto.v1.WatchDeliveriesRequest;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What open calls hear of SIGTERM: the status that is promised, and not the connection's end. */
class ShutdownJourneyTest {
  private static final WatchDeliveriesRequest WATCH =
      WatchDeliveriesRequest.newBuilder().setParent(Api.PARENT).build();

  private static final int EVENTS = 200;

  @TempDir Path directory;

  @Test
  void openCallsEndWithTheStatusThatIsPromised() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint)) {
      Api api = new Api(server);
      var _ = api.setUp(Api.config(endpoint.url("/")));
      EventStream ingest = new EventStream(api);
      for (int i = 0; i < EVENTS; i++) {
        ingest.send(Api.event("e-" + i).build());
      }
      await().until(() -> ingest.results().size() == EVENTS);
      await().until(() -> endpoint.received().size() == EVENTS);
      Iterator<?> watch = api.deliveries.watchDeliveries(WATCH);
      var _ = watch.next();
      Iterator<?> health =
          HealthGrpc.newBlockingStub(server.channel())
              .watch(HealthCheckRequest.getDefaultInstance());
      var _ = health.next();
      String replay = replay(api);
      CompletableFuture<Refusal> waiting =
          CompletableFuture.supplyAsync(() ->
              Refusal.of(() ->
                  api.operations.waitOperation(
                      WaitOperationRequest.newBuilder()
                          .setName(replay)
                          .setTimeout(Duration.newBuilder().setSeconds(300))
                          .build())));
      await().until(() -> server.get("/metrics").contains("Operations/WaitOperation\"} 1.0"));

      server.terminate();
      assertPromised(Refusal.of(() -> untilEnd(watch)));
      assertPromised(Refusal.of(() -> untilEnd(health)));
      assertPromised(waiting.get(30, TimeUnit.SECONDS));
      await().until(ingest::isOver);
      assertPromised(ingest.refusal());
      assertThat(server.exitStatus()).isZero();
      assertThat(server.log()).doesNotContain("\"level\":\"ERROR\"", "stack_trace");
    }
  }

  @Test
  void aClientForNodeHearsTheSame() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint)) {
      Process node =
          Npm.start(
              directory, "streams.mjs", Map.of("address", server.grpc(), "streams", streams()));
      if (node == null) {
        return;
      }
      try (var said = node.inputReader()) {
        assertThat(said.readLine()).isEqualTo("open");
        server.terminate();
        assertThat(said.lines())
            .containsExactlyInAnyOrder(
                "watch 14 SHUTTING_DOWN google.rpc.RetryInfo",
                "ingest 14 SHUTTING_DOWN google.rpc.RetryInfo",
                "health 14 SHUTTING_DOWN google.rpc.RetryInfo");
      }
      assertThat(server.exitStatus()).isZero();
    }
  }

  @Test
  void theCommandLineWatchesOnAtTheNextServer() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Endpoint endpoint = Endpoint.start(directory)) {
      CompletableFuture<Integer> watch;
      String address;
      try (RunningServer server = RunningServer.start(directory, endpoint)) {
        address = server.grpc();
        Api api = new Api(server);
        var _ = api.setUp(Api.config(endpoint.url("/")));
        watch = CompletableFuture.supplyAsync(() -> watch(address, out));
        await().until(() -> server.get("/metrics").contains("Service/WatchDeliveries\"} 1.0"));
        var _ = api.publish(Api.event("e-1").build());
        await().until(() -> out.toString(StandardCharsets.UTF_8).contains("\"e-1\""));
        server.terminate();
        assertThat(server.exitStatus()).isZero();
      }
      try (RunningServer server =
          RunningServer.startAt(address, directory, endpoint, "--egress-allow=127.0.0.0/8")) {
        var _ = new Api(server).publish(Api.event("e-2").build());
        assertThat(watch).succeedsWithin(java.time.Duration.ofSeconds(60)).isEqualTo(0);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"e-2\"");
      }
    }
  }

  private static int watch(String address, ByteArrayOutputStream out) {
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    Terminal terminal = new Terminal(InputStream.nullInputStream(), print, print, false);
    return ClientCommands.of(terminal, Map.of())
        .execute(
            "deliveries",
            "watch",
            "--filter=state = DELIVERED",
            "--limit=2",
            "-o=json",
            "-g=myImsOrg",
            "-s=prod",
            "--server=" + address);
  }

  private static Map<String, Object> streams() {
    return Map.of(
        "watch", stream("feedback.v1.DeliveryService/WatchDeliveries", false, WATCH),
        "ingest",
            stream(
                "feedback.v1.FeedbackIngestService/StreamFeedback",
                true,
                StreamFeedbackRequest.newBuilder().addEvents(Api.event("e-1")).build()),
        "health",
            stream("grpc.health.v1.Health/Watch", false, HealthCheckRequest.getDefaultInstance()));
  }

  private static Map<String, Object> stream(String method, boolean ingest, Message request) {
    String bytes = Base64.getEncoder().encodeToString(request.toByteArray());
    return Map.of("path", "/" + method, "ingest", ingest, "request", bytes);
  }

  /** A replay that takes minutes. */
  private static String replay(Api api) {
    return api.deliveries
        .replayDeliveries(
            ReplayDeliveriesRequest.newBuilder()
                .setParent(Api.PARENT)
                .setFilter(
                    "create_time >= 2020-01-01T00:00:00Z AND create_time < 2222-01-01T00:00:00Z")
                .setMaxPerSecond(1)
                .build())
        .getName();
  }

  private static Object untilEnd(Iterator<?> stream) {
    Object last = stream.next();
    while (stream.hasNext()) {
      last = stream.next();
    }
    return last;
  }

  private static void assertPromised(Refusal refusal) {
    assertThat(refusal.code()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(refusal.reason()).isEqualTo("SHUTTING_DOWN");
  }
}
