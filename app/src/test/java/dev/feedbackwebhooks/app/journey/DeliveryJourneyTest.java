package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static dev.feedbackwebhooks.proto.v1.DeliveryState.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.proto.v1.AttemptFailure;
import dev.feedbackwebhooks.proto.v1.DeleteWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.Delivery;
import dev.feedbackwebhooks.proto.v1.GetDeliveryRequest;
import dev.feedbackwebhooks.proto.v1.ListDeliveriesRequest;
import dev.feedbackwebhooks.proto.v1.ListDeliveriesResponse;
import dev.feedbackwebhooks.proto.v1.RetryDeliveryRequest;
import dev.feedbackwebhooks.proto.v1.UpdateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Deliveries as operators see them and act on them. */
@NullUnmarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeliveryJourneyTest {
  Path directory;
  private Endpoint endpoint;
  private RunningServer server;
  private Api api;
  private int organizations;

  @BeforeAll
  void start(@TempDir Path kept) throws Exception {
    directory = kept;
    try (Endpoint any = Endpoint.start(directory)) {
      server = RunningServer.start(directory, any, settings("--retry-schedule=50ms,1h"));
    }
  }

  @BeforeEach
  void open() throws Exception {
    endpoint = Endpoint.start(directory);
    api = new Api(server, "org-" + ++organizations);
    var _ = api.setUp(Api.config(endpoint.url("/")));
  }

  @AfterEach
  void close() {
    endpoint.close();
  }

  @AfterAll
  void end() {
    server.close();
  }

  /** Settings of each server, for those who run it in another way. */
  String[] settings(String... settings) {
    return settings;
  }

  @Test
  void aDeliveryThatWaitsIsSentAgainOnRequestWithItsScheduleBegunAnew() {
    endpoint.answers(404);
    String name = publish("e-1");
    await().until(() -> get(name).getAttemptCount() == 2);
    Delivery waiting = get(name);
    assertThat(waiting.getState()).isEqualTo(DELIVERY_STATE_WAITING);
    assertThat(waiting.getNextAttemptTime().getSeconds())
        .isGreaterThan(waiting.getUpdateTime().getSeconds() + 3_500);
    var _ = retry(name);
    await().until(() -> get(name).getAttemptCount() == 4);
    var _ = retry(name);
    await().until(() -> get(name).getAttemptCount() == 6);
    assertThat(get(name).getAttemptsList())
        .allSatisfy(attempt -> {
          assertThat(attempt.getHttpStatus()).isEqualTo(404);
          assertThat(attempt.getFailure()).isEqualTo(AttemptFailure.ATTEMPT_FAILURE_HTTP_STATUS);
          assertThat(attempt.getDetail()).isEqualTo("HTTP 404");
        });
    endpoint.answers(200);
    var _ = retry(name);
    await().until(() -> get(name).getState() == DELIVERY_STATE_DELIVERED);
    assertThat(endpoint.received())
        .extracting(Endpoint.Received::attempt)
        .containsExactly(1, 2, 3, 4, 5, 6, 7);
    assertThat(endpoint.received())
        .extracting(Endpoint.Received::webhookId)
        .containsOnly(name.substring(name.lastIndexOf('/') + 1));

    Refusal over = Refusal.of(() -> retry(name));
    assertThat(over.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(over.reason()).isEqualTo("DELIVERY_NOT_RETRYABLE");
  }

  @Test
  void deliveriesOfADisabledConfigurationAreHeldAndThoseOfADeletedOneCancelled() {
    endpoint.answers(503);
    String name = publish("e-1");
    await().until(() -> get(name).getAttemptCount() == 2);
    // A try may be under way as the configuration changes: it ends, and then the state holds.
    enable(false);
    await().until(() -> get(name).getState() == DELIVERY_STATE_HELD);
    assertThat(Refusal.of(() -> retry(name)).reason()).isEqualTo("DELIVERY_NOT_RETRYABLE");
    enable(true);
    await().until(() -> get(name).getState() == DELIVERY_STATE_WAITING);
    var _ =
        api.configs.deleteWebhookConfig(
            DeleteWebhookConfigRequest.newBuilder().setName(api.configName()).build());
    await().until(() -> get(name).getState() == DELIVERY_STATE_CANCELLED);
    assertThat(get(name).getStateReason()).contains("deleted");
    await().until(() -> list("state = CANCELLED", 10, "").getDeliveriesCount() == 1);

    var _ = api.create(Api.config(endpoint.url("/next")).build());
    assertThat(get(name).getState()).isEqualTo(DELIVERY_STATE_CANCELLED);
    endpoint.answers(200);
    await().untilAsserted(() -> assertThat(retry(name).getName()).isEqualTo(name));
    await().until(() -> get(name).getState() == DELIVERY_STATE_DELIVERED);
    assertThat(endpoint.received().getLast().path()).isEqualTo("/next");
  }

  @Test
  void listsAreFilteredAndPaged() {
    for (int i = 0; i < 5; i++) {
      var _ = publish("e-" + i);
    }
    await().until(() -> list("state = DELIVERED", 10, "").getDeliveriesCount() == 5);
    ListDeliveriesResponse first = list("channel = EMAIL", 2, "");
    var _ = publish("late");
    ListDeliveriesResponse second = list("channel = EMAIL", 3, first.getNextPageToken());
    assertThat(events(first)).containsExactly("e-4", "e-3");
    assertThat(events(second)).containsExactly("e-2", "e-1", "e-0");
    assertThat(second.getNextPageToken()).isEmpty();
    assertThat(Refusal.of(() -> list("channel = SMS", 3, first.getNextPageToken())).reason())
        .isEqualTo("INVALID_PAGE_TOKEN");
    assertThat(list("state = EXHAUSTED AND channel = EMAIL", 3, "").getDeliveriesList()).isEmpty();
    assertThat(list("create_time < \"2020-01-01T00:00:00Z\"", 3, "").getDeliveriesList()).isEmpty();
    assertThat(
            list(
                    "create_time >= 2020-01-01T00:00:00Z AND request_id = \"8NoByJneShCdCGRnrGS1t1m3CdA73dhR\"",
                    10,
                    "")
                .getDeliveriesList())
        .hasSize(6);
  }

  @Test
  void listsAreFilteredByExecutionAndRecipient() {
    var _ = publish("e-1");
    await().until(() -> list("state = DELIVERED", 10, "").getDeliveriesCount() == 1);
    ListDeliveriesResponse found = list("recipient = \"john.doe@luma.com\"", 3, "");
    assertThat(events(found)).containsExactly("e-1");
    assertThat(found.getDeliveries(0).getExecutionId()).isEqualTo("HUMA-26362805");
    assertThat(events(list("execution_id = \"HUMA-26362805\" AND state = DELIVERED", 3, "")))
        .containsExactly("e-1");
    assertThat(events(list("execution_id = \"HUMA-26362805\" AND channel = SMS", 3, ""))).isEmpty();
    for (String none :
        List.of(
            "execution_id = \"HUMA\"",
            "recipient = \"john.doe\"",
            "recipient = \"JOHN.DOE@LUMA.COM\"")) {
      assertThat(list(none, 3, "").getDeliveriesList()).as(none).isEmpty();
    }
  }

  @Test
  void aFilterThatIsNotUnderstoodIsRefusedInWords() {
    for (String filter :
        List.of(
            "nonsense",
            "state = NOWHERE",
            "state > DELIVERED",
            "state = DELIVERED OR channel = EMAIL",
            "create_time = 2020-01-01T00:00:00Z",
            "create_time < yesterday",
            "channel = EMAIL AND channel = SMS",
            "campaign = \"open",
            "campaign = \"" + "x".repeat(100_000) + "\"",
            "state = DELIVERED AND")) {
      Refusal refusal = Refusal.of(() -> list(filter, 1, ""));
      assertThat(refusal.reason()).as(filter).isEqualTo("INVALID_FILTER");
      assertThat(refusal.fields()).containsExactly("filter");
    }
  }

  @Test
  void whatIsNotThereIsNotFound() {
    for (String id : List.of("nope", "0000000000001", "")) {
      assertThat(Refusal.of(() -> get(api.parent() + "/deliveries/" + id)).reason())
          .isEqualTo("DELIVERY_NOT_FOUND");
    }
    assertThat(Refusal.of(() -> get("deliveries/1")).fields()).containsExactly("name");
  }

  private String publish(String eventId) {
    return api.publish(api.newEvent(eventId).build()).getFirst().getDelivery();
  }

  private Delivery get(String name) {
    return api.deliveries.getDelivery(GetDeliveryRequest.newBuilder().setName(name).build());
  }

  private Delivery retry(String name) {
    return api.deliveries.retryDelivery(RetryDeliveryRequest.newBuilder().setName(name).build());
  }

  private ListDeliveriesResponse list(String filter, int size, String token) {
    return api.deliveries.listDeliveries(
        ListDeliveriesRequest.newBuilder()
            .setParent(api.parent())
            .setFilter(filter)
            .setPageSize(size)
            .setPageToken(token)
            .build());
  }

  private static List<String> events(ListDeliveriesResponse page) {
    return page.getDeliveriesList().stream().map(Delivery::getEventId).toList();
  }

  private void enable(boolean enabled) {
    var _ =
        api.configs.updateWebhookConfig(
            UpdateWebhookConfigRequest.newBuilder()
                .setWebhookConfig(
                    WebhookConfig.newBuilder().setName(api.configName()).setEnabled(enabled))
                .build());
  }
}
