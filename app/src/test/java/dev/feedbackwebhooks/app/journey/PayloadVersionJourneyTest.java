package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import dev.feedbackwebhooks.proto.v1.Channel;
import dev.feedbackwebhooks.proto.v1.FeedbackEvent;
import dev.feedbackwebhooks.proto.v1.FeedbackResult;
import dev.feedbackwebhooks.proto.v1.ListDeliveriesRequest;
import dev.feedbackwebhooks.proto.v1.Outcome;
import dev.feedbackwebhooks.proto.v1.PayloadVersion;
import dev.feedbackwebhooks.proto.v1.UpdateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each configuration gets the version that it asked for; what waits stays as it was taken in. */
class PayloadVersionJourneyTest {
  private static final String SMS =
      """
      {"eventId": "sms", "requestId": "r", "imsOrg": "myImsOrg", "sandbox": {"name": "prod"},
       "channel": "CHANNEL_SMS", "channelContext": {"profileNumber": "+12025550199"},
       "messageExecution": {"messageExecutionID": "HUMA-1",
         "messageType": "MESSAGE_TYPE_TRANSACTIONAL",
         "campaignID": "16f24a15-7e21-477c-848a-d5695ca7f137",
         "messageID": "m-1", "messageProfileID": "p-1", "campaignType": "Scheduled"},
       "messageDeliveryFeedback": {"feedbackStatus": "FEEDBACK_STATUS_DELIVERED",
         "responseCode": 250, "responseDurationMillis": "412",
         "encoding": "LATIN-1", "numberOfMessageParts": "3",
         "deliveryTimestamp": "2026-11-24T09:00:00.250Z"},
       "identityMap": {"Phone": {"identities": [{"id": "+12025550100"}]}}}
      """;

  private static final String FIRST =
      "{\"requestId\":\"r\",\"imsOrg\":\"myImsOrg\",\"sandbox\":{\"id\":null,\"name\":\"prod\"},"
          + "\"channel\":\"sms\",\"eventType\":\"message.feedback\",\"messageExecution\":"
          + "{\"messageExecutionID\":\"HUMA-1\",\"messageType\":\"transactional\","
          + "\"campaignID\":\"16f24a15-7e21-477c-848a-d5695ca7f137\",\"campaignVersionID\":null},"
          + "\"messageDeliveryFeedback\":{\"feedbackStatus\":{\"value\":\"delivered\"},"
          + "\"offers\":null,\"messageExclusion\":null,\"messageFailure\":null,\"retryCount\":null},"
          + "\"identityMap\":{\"Phone\":[{\"id\":\"+12025550100\"}]}}";

  private static final String SECOND =
      FIRST
          .replace(
              "\"messageExecution\":",
              "\"channelContext\":{\"profileAddress\":null,\"profileNumber\":\"+12025550199\"},"
                  + "\"messageExecution\":")
          .replace(
              "\"campaignVersionID\":null",
              "\"campaignVersionID\":null,\"messageID\":\"m-1\",\"messageProfileID\":\"p-1\","
                  + "\"campaignType\":\"Scheduled\"")
          .replace(
              "\"retryCount\":null",
              "\"retryCount\":null,\"responseCode\":250,\"responseDurationMillis\":412,"
                  + "\"encoding\":\"LATIN-1\",\"numberOfMessageParts\":\"3\","
                  + "\"deliveryTimestamp\":\"2026-11-24T09:00:00.250Z\"");

  private static final String NOTHING_MORE =
      ",\"encoding\":null,\"numberOfMessageParts\":null,\"deliveryTimestamp\":null}";

  @TempDir Path directory;

  @Test
  void theVersionIsThatOfTheConfigurationAtIntake() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint, "--retry-schedule=500ms")) {
      Api api = new Api(server);
      WebhookConfig config =
          api.setUp(Api.config(endpoint.url("/")).addChannels(Channel.CHANNEL_SMS));
      assertThat(config.getPayloadVersion()).isEqualTo(PayloadVersion.PAYLOAD_VERSION_1);
      CountDownLatch chosen = new CountDownLatch(1);
      endpoint.answers(post -> post.attempt() == 1 ? Patience.until(chosen, 500) : 204);
      send(api, sms().setEventId("first").build());
      awaitPosts(endpoint, 1);
      choose(api, PayloadVersion.PAYLOAD_VERSION_2);
      chosen.countDown();
      awaitPosts(endpoint, 2);
      assertThat(endpoint.received())
          .extracting(Endpoint.Received::body)
          .as("also once the configuration asks for another")
          .containsExactly(FIRST, FIRST);

      endpoint.answers(204);
      send(api, sms().build());
      awaitPosts(endpoint, 3);
      assertThat(endpoint.received().getLast().body()).isEqualTo(SECOND);
      send(api, Api.event("mail").build());
      awaitPosts(endpoint, 4);
      assertThat(endpoint.received().getLast().body())
          .contains("\"retryCount\":0" + NOTHING_MORE)
          .contains("\"campaignType\":null}")
          .doesNotContain("channelContext", "messageProfileID");
      findsItsRecipient(api);
      choose(api, PayloadVersion.PAYLOAD_VERSION_1);
      send(api, Api.event("mail-2").build());
      awaitPosts(endpoint, 5);
      assertThat(endpoint.received().getLast().body()).isEqualTo(Api.SAMPLE_PAYLOAD);
      bounds(api);
    }
  }

  private static void findsItsRecipient(Api api) {
    assertThat(of(api, "+12025550199")).isEqualTo(2);
    assertThat(of(api, "+12025550198")).isZero();
  }

  private static int of(Api api, String recipient) {
    return api.deliveries
        .listDeliveries(
            ListDeliveriesRequest.newBuilder()
                .setParent(Api.PARENT)
                .setFilter("recipient = \"" + recipient + "\"")
                .build())
        .getDeliveriesCount();
  }

  private static void bounds(Api api) throws Exception {
    FeedbackEvent.Builder bad = sms().setEventId("bad");
    bad.getMessageExecutionBuilder().setCampaignType("x".repeat(256));
    bad.getMessageDeliveryFeedbackBuilder()
        .setNumberOfMessageParts(0)
        .setResponseDurationMillis(-1)
        .setEncoding("x".repeat(256));
    FeedbackResult result = api.publish(bad.build()).getFirst();
    assertThat(result.getOutcome()).isEqualTo(Outcome.OUTCOME_REJECTED);
    assertThat(result.getViolationsList())
        .extracting(violation -> violation.getField().replaceFirst(".*\\.", ""))
        .containsExactlyInAnyOrder(
            "number_of_message_parts", "response_duration_millis", "campaign_type", "encoding");
  }

  private static FeedbackEvent.Builder sms() throws Exception {
    FeedbackEvent.Builder event = FeedbackEvent.newBuilder();
    JsonFormat.parser().merge(SMS, event);
    return event;
  }

  private static void send(Api api, FeedbackEvent event) {
    assertThat(api.publish(event))
        .extracting(FeedbackResult::getOutcome)
        .containsExactly(Outcome.OUTCOME_ACCEPTED);
  }

  private static void awaitPosts(Endpoint endpoint, int count) {
    await().until(() -> endpoint.received().size() == count);
  }

  private static void choose(Api api, PayloadVersion version) {
    var _ =
        api.configs.updateWebhookConfig(
            UpdateWebhookConfigRequest.newBuilder()
                .setWebhookConfig(
                    WebhookConfig.newBuilder().setName(Api.CONFIG).setPayloadVersion(version))
                .build());
  }
}
