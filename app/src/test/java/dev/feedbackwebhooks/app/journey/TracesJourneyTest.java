package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Collector.attribute;
import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.proto.v1.FeedbackEvent;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a collector of traces sees of an event's way. */
class TracesJourneyTest {
  private static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
  private static final String SENDER = "b7ad6b7169203331";
  private static final String TRACE = "00-" + TRACE_ID + "-" + SENDER + "-01";
  private static final String UNRECORDED =
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

  @TempDir Path directory;

  @Test
  void intakeAndEachAttemptAreSpansOfTheEventsTraceOverRestarts() throws Exception {
    try (Collector collector = Collector.start();
        Endpoint endpoint = Endpoint.start(directory)) {
      String delivery;
      endpoint.answers(503);
      try (RunningServer server = start(endpoint, collector.endpoint(), "0")) {
        Api api = new Api(server);
        var _ = api.setUp(Api.config(endpoint.url("/hidden/path?token=t0ps3cret")));
        delivery =
            api.publish(Api.event("e-1").setTraceparent(TRACE).build()).getFirst().getDelivery();
        var _ = api.publish(Api.event("e-2").setTraceparent(UNRECORDED).build());
        var _ = api.publish(Api.event("e-3").build());
        await()
            .until(() ->
                !collector.spans("ingest").isEmpty() && !collector.spans("deliver").isEmpty());
        server.kill();
      }
      endpoint.answers(204);
      try (RunningServer _ = start(endpoint, collector.endpoint(), "0")) {
        await()
            .until(() ->
                collector.spans("deliver").stream()
                    .anyMatch(span -> attribute(span, "http.response.status_code").equals("204")));
      }

      Span ingest = collector.spans("ingest").getFirst();
      assertThat(collector.spans("ingest")).hasSize(1);
      assertThat(Collector.traceId(ingest)).isEqualTo(TRACE_ID);
      assertThat(Collector.parent(ingest)).isEqualTo(SENDER);
      assertThat(attribute(ingest, "feedback_webhooks.outcome")).isEqualTo("accepted");
      List<Span> attempts = collector.spans("deliver");
      assertThat(attempts)
          .allSatisfy(attempt -> {
            assertThat(Collector.traceId(attempt)).isEqualTo(TRACE_ID);
            assertThat(Collector.parent(attempt)).isEqualTo(SENDER);
            assertThat(attempt.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
            assertThat(attribute(attempt, "feedback_webhooks.delivery")).isEqualTo(delivery);
            assertThat(attribute(attempt, "server.address")).isEqualTo("127.0.0.1");
            assertThat(posts(endpoint))
                .contains("00-" + TRACE_ID + "-" + Collector.id(attempt) + "-01");
          });
      assertThat(attribute(attempts.getFirst(), "error.type")).isEqualTo("503");
      assertThat(attribute(attempts.getFirst(), "feedback_webhooks.attempt")).isEqualTo("1");
      assertThat(attribute(attempts.getLast(), "http.response.status_code")).isEqualTo("204");
      assertThat(attribute(attempts.getLast(), "error.type")).isEmpty();
      assertThat(posts(endpoint)).contains(UNRECORDED, "").doesNotContain(TRACE);
      assertThat(collector.text())
          .doesNotContain("hidden", "t0ps3cret", "john.doe", UNRECORDED.substring(3, 35));
      assertThat(collector.keys()).containsOnly("k3y");
    }
  }

  @Test
  void anEventWithoutATraceBeginsOneIfTheSettingsSaySo() throws Exception {
    try (Collector collector = Collector.start();
        Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = start(endpoint, collector.endpoint(), "1")) {
      Api api = new Api(server);
      var _ = api.setUp(Api.config(endpoint.url("/")));
      var _ = api.publish(Api.event("e-1").build());
      await()
          .until(
              () -> !collector.spans("ingest").isEmpty() && !collector.spans("deliver").isEmpty());
      Span ingest = collector.spans("ingest").getFirst();
      Span attempt = collector.spans("deliver").getFirst();
      assertThat(Collector.parent(ingest)).isEmpty();
      assertThat(Collector.parent(attempt)).isEqualTo(Collector.id(ingest));
      assertThat(posts(endpoint))
          .containsExactly("00-" + Collector.traceId(ingest) + "-" + Collector.id(attempt) + "-01");
    }
  }

  @Test
  void aCollectorThatIsDownHoldsUpNothingAndIsMentionedOnce() throws Exception {
    int nobody;
    try (ServerSocket taken = new ServerSocket(0)) {
      nobody = taken.getLocalPort();
    }
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = start(endpoint, "http://127.0.0.1:" + nobody + "/v1/traces", "1")) {
      Api api = new Api(server);
      var _ = api.setUp(Api.config(endpoint.url("/")));
      for (int round = 0; round < 2; round++) {
        int from = 200 * round;
        var _ =
            api.publish(
                IntStream.range(from, from + 200)
                    .mapToObj(i -> Api.event("e-" + i).build())
                    .toArray(FeedbackEvent[]::new));
        await().until(() -> endpoint.received().size() == from + 200);
        await().until(() -> server.log().contains("takes no traces"));
      }
      assertThat(server.log().lines().filter(line -> line.contains("\"WARN\""))).hasSize(1);
      assertThat(server.log()).doesNotContain("\"ERROR\"", "k3y");
    }
  }

  private RunningServer start(Endpoint endpoint, String collector, String sample) {
    return RunningServer.start(
        directory,
        endpoint,
        Patience.retries(),
        "--otlp-endpoint=" + collector,
        "--otlp-sample=" + sample,
        "--otlp-headers=x-api-key=k3y");
  }

  /** The traceparent of each request; empty without one. */
  private static List<String> posts(Endpoint endpoint) {
    return endpoint.received().stream()
        .map(post -> String.join(",", post.headers().getOrDefault("traceparent", List.of())))
        .toList();
  }
}
