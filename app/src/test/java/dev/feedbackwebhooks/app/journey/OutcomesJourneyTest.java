package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static dev.feedbackwebhooks.proto.v1.Outcome.*;
import static dev.feedbackwebhooks.proto.v1.SkipReason.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedbackwebhooks.proto.v1.Channel;
import dev.feedbackwebhooks.proto.v1.FeedbackEvent;
import dev.feedbackwebhooks.proto.v1.FeedbackResult;
import dev.feedbackwebhooks.proto.v1.FeedbackStatus;
import dev.feedbackwebhooks.proto.v1.FieldViolation;
import dev.feedbackwebhooks.proto.v1.IdentityList;
import dev.feedbackwebhooks.proto.v1.MessageType;
import dev.feedbackwebhooks.proto.v1.PublishFeedbackRequest;
import dev.feedbackwebhooks.proto.v1.StreamFeedbackRequest;
import dev.feedbackwebhooks.proto.v1.UpdateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutcomesJourneyTest {
  @TempDir Path directory;

  @Test
  void everyEventGetsItsOutcomeInOrderAndABadOneNeverEndsTheStream() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint)) {
      Api api = new Api(server);
      EventStream stream = new EventStream(api);
      stream.send(Api.event("no-config").build());
      await().until(() -> stream.results().size() == 1);
      WebhookConfig config = api.create(Api.config(endpoint.url("/")).build());
      stream.send(Api.event("no-campaign").build());
      await().until(() -> stream.results().size() == 2);
      api.enableCampaign();
      stream.send(
          Api.event("accepted").build(),
          FeedbackEvent.getDefaultInstance(),
          Api.event("accepted").setRequestId("other body").build(),
          Api.event("sms").setChannel(Channel.CHANNEL_SMS).build());
      stream.send(status("delayed", FeedbackStatus.FEEDBACK_STATUS_DELAY));
      stream.send(marketing());
      await().until(() -> stream.results().size() == 8);
      disable(api, config);
      stream.send(Api.event("disabled").build());
      List<FeedbackResult> results = stream.end();

      assertThat(results)
          .extracting(FeedbackResult::getEventId)
          .containsExactly(
              "no-config",
              "no-campaign",
              "accepted",
              "",
              "accepted",
              "sms",
              "delayed",
              "marketing",
              "disabled");
      assertThat(results)
          .extracting(FeedbackResult::getOutcome)
          .containsExactly(
              OUTCOME_SKIPPED,
              OUTCOME_SKIPPED,
              OUTCOME_ACCEPTED,
              OUTCOME_REJECTED,
              OUTCOME_DUPLICATE,
              OUTCOME_SKIPPED,
              OUTCOME_SKIPPED,
              OUTCOME_SKIPPED,
              OUTCOME_SKIPPED);
      assertThat(results)
          .extracting(FeedbackResult::getSkipReason)
          .containsExactly(
              SKIP_REASON_NO_CONFIG,
              SKIP_REASON_CAMPAIGN_NOT_ENABLED,
              SKIP_REASON_UNSPECIFIED,
              SKIP_REASON_UNSPECIFIED,
              SKIP_REASON_UNSPECIFIED,
              SKIP_REASON_CHANNEL_NOT_SELECTED,
              SKIP_REASON_STATUS_NOT_FORWARDED,
              SKIP_REASON_NOT_TRANSACTIONAL,
              SKIP_REASON_CONFIG_DISABLED);
      assertThat(results.get(4).getDelivery()).isEqualTo(results.get(2).getDelivery());
      assertThat(results.get(3).getViolationsList())
          .extracting(FieldViolation::getField)
          .contains("event_id", "ims_org", "channel", "identity_map");
      await().untilAsserted(() -> assertThat(endpoint.received()).hasSize(1));
      assertThat(endpoint.received().getFirst().body()).isEqualTo(Api.SAMPLE_PAYLOAD);
    }
  }

  private static FeedbackEvent status(String id, FeedbackStatus status) {
    FeedbackEvent.Builder event = Api.event(id);
    event.getMessageDeliveryFeedbackBuilder().setFeedbackStatus(status);
    return event.build();
  }

  private static FeedbackEvent marketing() {
    FeedbackEvent.Builder event = Api.event("marketing");
    event.getMessageExecutionBuilder().setMessageType(MessageType.MESSAGE_TYPE_MARKETING);
    return event.build();
  }

  private static void disable(Api api, WebhookConfig config) {
    var _ =
        api.configs.updateWebhookConfig(
            UpdateWebhookConfigRequest.newBuilder()
                .setWebhookConfig(
                    WebhookConfig.newBuilder().setName(config.getName()).setEnabled(false))
                .build());
  }

  @Test
  void publishTakesOneToAThousandEvents() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint)) {
      Api api = new Api(server);
      Refusal none = Refusal.of(api::publish);
      assertThat(none.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(none.fields()).containsExactly("events");

      Refusal many =
          Refusal.of(() ->
              api.ingest.publishFeedback(
                  PublishFeedbackRequest.newBuilder()
                      .addAllEvents(Collections.nCopies(1_001, Api.event("e").build()))
                      .build()));
      assertThat(many.reason()).isEqualTo("TOO_MANY_EVENTS");
    }
  }

  @Test
  void millionsOfPartsInFewBytesAreRefusedBeforeTheyAreMade() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint)) {
      Api api = new Api(server);
      EventStream events = new EventStream(api);
      events.send(StreamFeedbackRequest.parseFrom(EMPTY_PARTS));
      assertThatThrownBy(events::end).hasMessageContaining("INVALID_ARGUMENT");

      FeedbackEvent identities =
          Api.event("e").putIdentityMap("x", IdentityList.parseFrom(EMPTY_PARTS)).build();
      Refusal refusal = Refusal.of(() -> api.publish(identities));
      assertThat(refusal.reason()).isEqualTo("TOO_MANY_EVENTS");

      EventStream many = new EventStream(api);
      many.send(
          Collections.nCopies(10_000, FeedbackEvent.getDefaultInstance())
              .toArray(FeedbackEvent[]::new));
      assertThat(many.end()).hasSize(10_000);
    }
  }

  /** Two bytes each: field 1, no content. */
  private static final byte[] EMPTY_PARTS = emptyParts();

  private static byte[] emptyParts() {
    byte[] parts = new byte[1_000_000];
    for (int i = 0; i < parts.length; i += 2) {
      parts[i] = 0x0a;
    }
    return parts;
  }

  @Test
  void aMessageOverTheLimitIsRefusedAndTheConnectionLives() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint)) {
      Api api = new Api(server);
      FeedbackEvent huge = Api.event("e").setRequestId("x".repeat(5 << 20)).build();
      assertThatThrownBy(() -> api.publish(huge)).hasMessageStartingWith("RESOURCE_EXHAUSTED");
      assertThat(api.publish(Api.event("e-1").build()))
          .extracting(FeedbackResult::getOutcome)
          .containsExactly(OUTCOME_SKIPPED);
    }
  }
}
