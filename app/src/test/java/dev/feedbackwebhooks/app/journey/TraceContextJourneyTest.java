package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.proto.v1.Delivery;
import dev.feedbackwebhooks.proto.v1.GetDeliveryRequest;
import dev.feedbackwebhooks.proto.v1.HeaderField;
import dev.feedbackwebhooks.proto.v1.PublishFeedbackRequest;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trace that an event belongs to reaches the receiver, by whatever way. */
class TraceContextJourneyTest {
  private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final String OF_THE_CALL =
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

  @TempDir Path directory;

  @Test
  void anEventsTraceIsPassedOnAsItCame() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint)) {
      Api api = new Api(server);
      var _ = api.setUp(Api.config(endpoint.url("/")));
      endpoint.answers(404);
      List<String> names =
          api
              .ingest
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(ofTheCall()))
              .publishFeedback(
                  PublishFeedbackRequest.newBuilder()
                      .addEvents(Api.event("own").setTraceparent(TRACE))
                      .addEvents(Api.event("call"))
                      .addEvents(Api.event("malformed").setTraceparent("00-nothing-01"))
                      .build())
              .getResultsList()
              .stream()
              .map(result -> result.getDelivery())
              .toList();
      EventStream stream = new EventStream(new Api(server));
      stream.send(
          Api.event("streamed").setTraceparent(TRACE).build(), Api.event("without").build());
      List<String> streamed = stream.end().stream().map(result -> result.getDelivery()).toList();

      await().until(() -> endpoint.webhookIds().size() == 5);
      assertThat(traces(endpoint))
          .isEqualTo(
              Map.of(
                  id(names.get(0)), TRACE,
                  id(names.get(1)), OF_THE_CALL,
                  id(names.get(2)), "",
                  id(streamed.get(0)), TRACE,
                  id(streamed.get(1)), ""));
      await()
          .untilAsserted(() -> {
            Delivery shown =
                api.deliveries.getDelivery(
                    GetDeliveryRequest.newBuilder().setName(names.get(0)).build());
            assertThat(shown.getAttempts(0).getRequestHeadersList())
                .contains(HeaderField.newBuilder().setName("traceparent").setValue(TRACE).build());
          });
    }
  }

  @Test
  void aDeliveryThatWaitsKeepsItsTraceOverARestart() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory)) {
      try (RunningServer server = RunningServer.start(directory, endpoint, Patience.retries())) {
        Api api = new Api(server);
        var _ = api.setUp(Api.config(endpoint.url("/")));
        endpoint.answers(503);
        var _ = api.publish(Api.event("e-1").setTraceparent(TRACE).build());
        await().until(() -> !endpoint.received().isEmpty());
        server.kill();
      }
      int before = endpoint.received().size();
      endpoint.answers(204);
      try (RunningServer _ = RunningServer.start(directory, endpoint)) {
        await().until(() -> endpoint.received().size() > before);
        assertThat(traces(endpoint)).containsOnly(Map.entry(id(endpoint), TRACE));
      }
    }
  }

  private static Metadata ofTheCall() {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER), OF_THE_CALL);
    return metadata;
  }

  private static String id(String delivery) {
    return delivery.substring(delivery.lastIndexOf('/') + 1);
  }

  private static String id(Endpoint endpoint) {
    return endpoint.received().getFirst().webhookId();
  }

  /** By the id of the delivery; empty without a trace. */
  private static Map<String, String> traces(Endpoint endpoint) {
    return endpoint.received().stream()
        .collect(
            Collectors.toMap(
                Endpoint.Received::webhookId,
                post -> String.join(",", post.headers().getOrDefault("traceparent", List.of())),
                (one, other) -> one.equals(other) ? one : one + " and " + other));
  }
}
