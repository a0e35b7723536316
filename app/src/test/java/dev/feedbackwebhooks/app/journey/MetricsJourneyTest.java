package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feedbackwebhooks.proto.v1.GetWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.ReplayDeliveriesRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import dev.feedbackwebhooks.proto.v1.WebhookConfigServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What documents, dashboard and alerts name is what a server shows, and the reverse. */
class MetricsJourneyTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern NAME =
      Pattern.compile("\\b(?:feedback_webhooks|jvm|disk|process)_[a-z_]+");
  private static final Pattern SHOWN = Pattern.compile("(?m)^# TYPE ([a-z_]+)");

  /** These tell of what did not happen here. */
  private static final Set<String> RARE =
      Set.of(
          "feedback_webhooks_fenced_total",
          "feedback_webhooks_lanes_shrunk_total",
          "feedback_webhooks_store_failures_total");

  @TempDir Path directory;

  @Test
  void whatIsWrittenOfMetricsIsTrue() throws Exception {
    String shown = afterADelivery();
    Set<String> there = new TreeSet<>(RARE);
    Matcher types = SHOWN.matcher(shown);
    while (types.find()) {
      there.add(types.group(1));
    }
    Set<String> documented = names(ROOT.resolve("docs/metrics.md"));

    assertThat(there).containsAll(documented);
    assertThat(there.stream().filter(name -> name.matches("feedback_webhooks.*(?<!_max)")))
        .allSatisfy(name -> assertThat(documented).contains(name));
    assertThat(there).containsAll(names(ROOT.resolve("ops/prometheus/alerts.yml")));
    Path dashboard = ROOT.resolve("ops/grafana/feedback-webhooks.json");
    assertThat(there).containsAll(names(dashboard));
    assertThat(new ObjectMapper().readTree(dashboard.toFile()).get("panels")).isNotEmpty();
    assertThat(shown)
        .contains("feedback_webhooks_delivery_latency_seconds_bucket{le=\"3600.0\"} 1")
        .contains("feedback_webhooks_attempt_phases_seconds_count{phase=\"tls\"} 1")
        .doesNotContain("myImsOrg");
  }

  @Test
  void itIsSeenHowBusyTheServerIs() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server =
            RunningServer.start(
                directory, endpoint, "--metrics-organizations", "--attempt-timeout=50s")) {
      endpoint.answers(_ -> Patience.until(busy, 204));
      Api api = new Api(server);
      var _ = api.setUp(Api.config(endpoint.url("/")));
      var _ = api.publish(Api.event("e-1").build(), Api.event("").build());
      shows(
          server,
          "feedback_webhooks_lanes{state=\"busy\"} 1.0",
          "feedback_webhooks_attempts_in_flight 1.0",
          "feedback_webhooks_events_total{organization=\"myImsOrg\",outcome=\"accepted\",reason=\"\"} 1.0",
          "feedback_webhooks_events_total{organization=\"other\",outcome=\"rejected\",reason=\"\"} 1.0");
      busy.countDown();
      shows(
          server,
          "feedback_webhooks_deliveries_total{ending=\"delivered\",organization=\"myImsOrg\"} 1.0",
          "feedback_webhooks_lanes{state=\"busy\"} 0.0");

      var _ =
          api.deliveries.replayDeliveries(
              ReplayDeliveriesRequest.newBuilder()
                  .setParent(Api.PARENT)
                  .setFilter(
                      "create_time >= 2020-01-01T00:00:00Z AND create_time < 2222-01-01T00:00:00Z")
                  .build());
      shows(
          server,
          "feedback_webhooks_replayed_deliveries_total 1.0",
          "feedback_webhooks_replays_running 0.0");
    }
  }

  @Test
  void callsAreCountedByMethodAndStatusAndMadeUpOnesNameNothing() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint)) {
      Api api = new Api(server);
      assertThat(
              Refusal.of(() ->
                      api.configs.getWebhookConfig(
                          GetWebhookConfigRequest.newBuilder().setName(Api.CONFIG).build()))
                  .code())
          .isEqualTo(Status.Code.NOT_FOUND);
      assertThat(Refusal.of(() -> madeUp(server)).code()).isEqualTo(Status.Code.UNIMPLEMENTED);
      EventStream stream = new EventStream(api);
      String method = "method=\"feedback.v1.FeedbackIngestService/StreamFeedback\"";
      shows(
          server,
          "feedback_webhooks_grpc_calls_seconds_count{method=\"feedback.v1.WebhookConfigService/GetWebhookConfig\",status=\"NOT_FOUND\"} 1",
          "feedback_webhooks_grpc_calls_seconds_count{method=\"unknown\",status=\"UNIMPLEMENTED\"} 1",
          "feedback_webhooks_grpc_open{" + method + "} 1.0");
      var _ = stream.end();
      shows(
          server,
          "feedback_webhooks_grpc_calls_seconds_count{" + method + ",status=\"OK\"} 1",
          "feedback_webhooks_grpc_open{" + method + "} 0.0");
      assertThat(server.get("/metrics")).doesNotContain("Invented");
    }
  }

  private static Object madeUp(RunningServer server) {
    MethodDescriptor<GetWebhookConfigRequest, WebhookConfig> method =
        WebhookConfigServiceGrpc.getGetWebhookConfigMethod().toBuilder()
            .setFullMethodName("feedback.v1.Invented/Method")
            .build();
    return ClientCalls.blockingUnaryCall(
        server.channel(),
        method,
        CallOptions.DEFAULT,
        GetWebhookConfigRequest.getDefaultInstance());
  }

  private static void shows(RunningServer server, String... lines) {
    await().untilAsserted(() -> assertThat(server.get("/metrics").lines()).contains(lines));
  }

  /** Without what the parts of a histogram are called. */
  private static Set<String> names(Path file) throws Exception {
    return NAME.matcher(Files.readString(file))
        .results()
        .map(found -> found.group().replaceFirst("_(bucket|count|sum)$", ""))
        .collect(Collectors.toSet());
  }

  private String afterADelivery() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint)) {
      Api api = new Api(server);
      var _ = api.setUp(Api.config(endpoint.url("/")));
      var _ = api.publish(Api.event("e-1").build());
      await()
          .until(() ->
              server
                  .get("/metrics")
                  .contains("feedback_webhooks_delivery_latency_seconds_count 1"));
      return server.get("/metrics");
    }
  }
}
