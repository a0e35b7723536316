package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import dev.feedbackwebhooks.proto.v1.Channel;
import dev.feedbackwebhooks.proto.v1.FeedbackEvent;
import dev.feedbackwebhooks.proto.v1.FeedbackResult;
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
       "channel": "CHANNEL_SMS",
       "messageExecution": {"messageExecutionID": "HUMA-1",
         "messageType": "MESSAGE_TYPE_TRANSACTIONAL",
         "campaignID": "16f24a15-7e21-477c-848a-d5695ca7f137"},
       "messageDeliveryFeedback": {"feedbackStatus": "FEEDBACK_STATUS_DELIVERED",
         "encoding": "MESSAGE_ENCODING_UNICODE", "numberOfMessageParts": 3,
         "deliveryTimestamp": "2026-11-24T09:00:00.250Z", "responseCode": "0",
         "responseDurationMillis": "412"},
       "identityMap": {"Phone": {"identities": [{"id": "+12025550100"}]}},
       "campaignType": "api-triggered", "messageID": "m-1", "messageProfileID": "p-1",
       "channelContext": {"profileNumber": "+12025550199"}}
      """;

  private static final String BEGINNING =
      "{\"requestId\":\"r\",\"imsOrg\":\"myImsOrg\",\"sandbox\":{\"id\":null,\"name\":\"prod\"},"
          + "\"channel\":\"sms\",\"eventType\":\"message.feedback\",\"messageExecution\":"
          + "{\"messageExecutionID\":\"HUMA-1\",\"messageType\":\"transactional\","
          + "\"campaignID\":\"16f24a15-7e21-477c-848a-d5695ca7f137\",\"campaignVersionID\":null},"
          + "\"messageDeliveryFeedback\":{\"feedbackStatus\":{\"value\":\"delivered\"},"
          + "\"offers\":null,\"messageExclusion\":null,\"messageFailure\":null,\"retryCount\":null";

  private static final String IDENTITIES =
      "},\"identityMap\":{\"Phone\":[{\"id\":\"+12025550100\"}]}";

  private static final String SECOND =
      BEGINNING
          + ",\"encoding\":\"UNICODE\",\"numberOfMessageParts\":\"3\","
          + "\"deliveryTimestamp\":\"2026-11-24T09:00:00.250Z\",\"responseCode\":\"0\","
          + "\"responseDurationMillis\":412"
          + IDENTITIES
          + ",\"campaignType\":\"api-triggered\",\"messageID\":\"m-1\",\"messageProfileID\":\"p-1\","
          + "\"channelContext\":{\"profileAddress\":null,\"profileNumber\":\"+12025550199\"}}";

  private static final String NOTHING_MORE =
      ",\"encoding\":null,\"numberOfMessageParts\":null,\"deliveryTimestamp\":null,"
          + "\"responseCode\":null,\"responseDurationMillis\":null}";

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
          .containsExactly(BEGINNING + IDENTITIES + "}", BEGINNING + IDENTITIES + "}");

      endpoint.answers(204);
      send(api, sms().build());
      awaitPosts(endpoint, 3);
      assertThat(endpoint.received().getLast().body()).isEqualTo(SECOND);
      send(api, Api.event("mail").build());
      awaitPosts(endpoint, 4);
      assertThat(endpoint.received().getLast().body())
          .contains("\"retryCount\":0" + NOTHING_MORE)
          .endsWith(
              ",\"campaignType\":null,\"messageID\":null,\"messageProfileID\":null,"
                  + "\"channelContext\":null}");
      choose(api, PayloadVersion.PAYLOAD_VERSION_1);
      send(api, Api.event("mail-2").build());
      awaitPosts(endpoint, 5);
      assertThat(endpoint.received().getLast().body()).isEqualTo(Api.SAMPLE_PAYLOAD);
      bounds(api);
    }
  }

  private static void bounds(Api api) throws Exception {
    FeedbackEvent.Builder bad = sms().setEventId("bad").setCampaignType("x".repeat(256));
    bad.getMessageDeliveryFeedbackBuilder()
        .setNumberOfMessageParts(0)
        .setResponseDurationMillis(-1)
        .setEncodingValue(99);
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
