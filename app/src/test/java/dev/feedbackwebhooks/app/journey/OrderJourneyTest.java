package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import dev.feedbackwebhooks.proto.v1.DeliveryOrder;
import dev.feedbackwebhooks.proto.v1.DeliveryState;
import dev.feedbackwebhooks.proto.v1.FeedbackEvent;
import dev.feedbackwebhooks.proto.v1.FeedbackStatus;
import dev.feedbackwebhooks.proto.v1.GetDeliveryRequest;
import dev.feedbackwebhooks.proto.v1.UpdateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A customer wants "sent" before what became of the message. */
@NullUnmarked
class OrderJourneyTest {
  @TempDir Path directory;
  private Endpoint endpoint;
  private RunningServer server;
  private Api api;

  @BeforeEach
  void open() throws Exception {
    endpoint = Endpoint.start(directory);
    start();
  }

  private void start() {
    server = RunningServer.start(directory, endpoint, "--retry-schedule=30m");
    api = new Api(server);
  }

  @AfterEach
  void close() {
    server.close();
    endpoint.close();
  }

  @Test
  void sentComesFirstForEachRecipientOfARequestAlsoAfterARestart() {
    WebhookConfig config = api.setUp(ordered());
    assertThat(config.getOrder()).isEqualTo(DeliveryOrder.DELIVERY_ORDER_SENT_FIRST);
    assertThat(config.getOrderWait()).isEqualTo(Durations.fromMinutes(1));
    waitFor(Durations.fromHours(1));
    publish(last("a"), last("b"), last("c"));
    publish(sent("b"));
    await().until(() -> endpoint.received().size() == 2);
    assertThat(bodies()).containsExactly("sent b", "bounce b");
    server.close();
    start();
    publish(sent("c"), sent("a"));
    await().until(() -> endpoint.received().size() == 6);
    assertThat(bodies()).containsSubsequence("sent a", "bounce a");
    assertThat(bodies()).containsSubsequence("sent c", "bounce c");
    publish(last("b", "again"));
    await().until(() -> endpoint.received().size() == 7);
    publish(sent("d"));
    await().until(() -> endpoint.received().size() == 8);
  }

  @Test
  void aFinalStatusWaitsForABoundedTimeOnly() {
    var _ = api.setUp(ordered().setOrderWait(Durations.fromSeconds(1)));
    endpoint.answers(post -> post.body().contains("\"sent\"") ? 503 : 200);
    String stuck = publish(sent("a")).getFirst();
    await().until(() -> endpoint.received().size() == 1);
    publish(last("a"), last("b"));
    await().until(() -> endpoint.received().size() == 3);
    assertThat(bodies().subList(1, 3)).containsExactlyInAnyOrder("bounce a", "bounce b");
    assertThat(
            api.deliveries
                .getDelivery(GetDeliveryRequest.newBuilder().setName(stuck).build())
                .getState())
        .isEqualTo(DeliveryState.DELIVERY_STATE_WAITING);
  }

  @Test
  void anOrderIsTakenBackAndItsTimeHasBounds() {
    var _ = api.setUp(ordered());
    WebhookConfig any =
        api.configs.updateWebhookConfig(
            UpdateWebhookConfigRequest.newBuilder()
                .setWebhookConfig(
                    WebhookConfig.newBuilder()
                        .setName(Api.CONFIG)
                        .setOrder(DeliveryOrder.DELIVERY_ORDER_NONE))
                .build());
    assertThat(any.getOrder()).isEqualTo(DeliveryOrder.DELIVERY_ORDER_NONE);
    assertThat(any.hasOrderWait()).isFalse();
    publish(last("a"));
    await().until(() -> endpoint.received().size() == 1);
    for (Duration wait :
        List.of(Durations.fromMillis(1_500), Durations.fromSeconds(3_601), Durations.ZERO)) {
      Refusal refusal =
          Refusal.of(() ->
              api.configs.updateWebhookConfig(
                  UpdateWebhookConfigRequest.newBuilder()
                      .setWebhookConfig(ordered().setName(Api.CONFIG).setOrderWait(wait))
                      .build()));
      assertThat(refusal.fields()).containsExactly("webhook_config.order_wait");
    }
  }

  private void waitFor(Duration orderWait) {
    var _ =
        api.configs.updateWebhookConfig(
            UpdateWebhookConfigRequest.newBuilder()
                .setWebhookConfig(ordered().setName(Api.CONFIG).setOrderWait(orderWait))
                .build());
  }

  private WebhookConfig.Builder ordered() {
    return Api.config(endpoint.url("/")).setOrder(DeliveryOrder.DELIVERY_ORDER_SENT_FIRST);
  }

  private static FeedbackEvent sent(String recipient) {
    FeedbackEvent.Builder event = event(recipient, "sent-" + recipient);
    event
        .getMessageDeliveryFeedbackBuilder()
        .setFeedbackStatus(FeedbackStatus.FEEDBACK_STATUS_SENT)
        .clearMessageFailure();
    return event.build();
  }

  private static FeedbackEvent last(String recipient) {
    return last(recipient, "");
  }

  private static FeedbackEvent last(String recipient, String more) {
    return event(recipient, "bounce-" + recipient + more).build();
  }

  /** Of one request, to one of its recipients. */
  private static FeedbackEvent.Builder event(String recipient, String eventId) {
    FeedbackEvent.Builder event = Api.event(eventId);
    return event.putIdentityMap(
        "email",
        event.getIdentityMapOrThrow("email").toBuilder()
            .setIdentities(
                0,
                event.getIdentityMapOrThrow("email").getIdentities(0).toBuilder().setId(recipient))
            .build());
  }

  private List<String> publish(FeedbackEvent... events) {
    return api.publish(events).stream().map(result -> result.getDelivery()).toList();
  }

  /** Status and recipient of each, in the order of their arrival. */
  private List<String> bodies() {
    return endpoint.received().stream()
        .map(post ->
            post.body()
                .replaceAll(
                    "(?s).*\"feedbackStatus\":\\{\"value\":\"(\\w+)\".*\"id\":\"(\\w+)\",\"primary\".*",
                    "$1 $2"))
        .toList();
  }
}
