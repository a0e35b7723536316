package dev.feedbackwebhooks.app.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Timestamp;
import dev.feedbackwebhooks.proto.v1.FeedbackEvent;
import dev.feedbackwebhooks.proto.v1.FeedbackResult;
import dev.feedbackwebhooks.proto.v1.FieldViolation;
import dev.feedbackwebhooks.proto.v1.Identity;
import dev.feedbackwebhooks.proto.v1.IdentityList;
import dev.feedbackwebhooks.proto.v1.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every event that must be rejected, on one stream that goes on; and odd ones that must not. */
class HostileEventTest {
  @TempDir Path directory;

  private static Map<String, Consumer<FeedbackEvent.Builder>> bad() {
    Map<String, Consumer<FeedbackEvent.Builder>> bad = new LinkedHashMap<>();
    String execution = "message_execution.";
    String feedback = "message_delivery_feedback.";
    bad.put("event_id", FeedbackEvent.Builder::clearEventId);
    bad.put("event_id ", event -> event.setEventId("x".repeat(129)));
    bad.put("event_time", event -> event.setEventTime(Timestamp.newBuilder().setNanos(-1)));
    bad.put("request_id", FeedbackEvent.Builder::clearRequestId);
    bad.put("request_id ", event -> event.setRequestId("x".repeat(256)));
    bad.put("ims_org", FeedbackEvent.Builder::clearImsOrg);
    bad.put("ims_org ", event -> event.setImsOrg("a/b"));
    bad.put("sandbox.name", FeedbackEvent.Builder::clearSandbox);
    bad.put("sandbox.name ", event -> event.getSandboxBuilder().setName("-"));
    bad.put("sandbox.id", event -> event.getSandboxBuilder().setId("x".repeat(256)));
    bad.put("channel", FeedbackEvent.Builder::clearChannel);
    bad.put("channel ", event -> event.setChannelValue(99));
    bad.put(execution + "message_execution_id", FeedbackEvent.Builder::clearMessageExecution);
    bad.put(
        execution + "message_type", e -> e.getMessageExecutionBuilder().setMessageTypeValue(99));
    bad.put(execution + "message_type ", e -> e.getMessageExecutionBuilder().clearMessageType());
    bad.put(execution + "campaign_id", e -> e.getMessageExecutionBuilder().clearCampaignId());
    bad.put(
        execution + "campaign_version_id",
        e -> e.getMessageExecutionBuilder().setCampaignVersionId("x".repeat(256)));
    bad.put(feedback + "feedback_status", FeedbackEvent.Builder::clearMessageDeliveryFeedback);
    bad.put(
        feedback + "feedback_status ",
        e -> e.getMessageDeliveryFeedbackBuilder().setFeedbackStatusValue(99));
    bad.put(feedback + "retry_count", e -> e.getMessageDeliveryFeedbackBuilder().setRetryCount(-1));
    bad.put(
        feedback + "message_failure.category",
        e -> e.getMessageDeliveryFeedbackBuilder().getMessageFailureBuilder().setCategoryValue(99));
    bad.put("identity_map", FeedbackEvent.Builder::clearIdentityMap);
    bad.put("identity_map[sms]", e -> e.putIdentityMap("sms", IdentityList.getDefaultInstance()));
    bad.put(
        "identity_map[sms].id",
        e ->
            e.putIdentityMap(
                "sms",
                IdentityList.newBuilder().addIdentities(Identity.getDefaultInstance()).build()));
    bad.put(
        "event",
        e ->
            e.getMessageDeliveryFeedbackBuilder()
                .getMessageFailureBuilder()
                .setReason("x".repeat(256 * 1024)));
    return bad;
  }

  @Test
  void everyBadEventIsRejectedByItsFieldAndTheStreamGoesOn() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint)) {
      Api api = new Api(server);
      var _ = api.setUp(Api.config(endpoint.url("/")));
      EventStream stream = new EventStream(api);
      List<String> fields = new ArrayList<>(bad().keySet());
      bad()
          .forEach((field, spoil) -> {
            FeedbackEvent.Builder event = Api.event(field);
            spoil.accept(event);
            stream.send(event.build());
          });
      stream.send(Api.event("good").build());
      List<FeedbackResult> results = stream.end();

      assertThat(results).hasSize(fields.size() + 1);
      for (int i = 0; i < fields.size(); i++) {
        assertThat(results.get(i).getOutcome())
            .as(fields.get(i))
            .isEqualTo(Outcome.OUTCOME_REJECTED);
        assertThat(results.get(i).getViolationsList())
            .extracting(FieldViolation::getField)
            .contains(fields.get(i).strip());
      }
      assertThat(results.getLast().getOutcome()).isEqualTo(Outcome.OUTCOME_ACCEPTED);
      await().untilAsserted(() -> assertThat(endpoint.received()).hasSize(1));
    }
  }

  @Test
  void oddTextPassesThroughUnchanged() throws Exception {
    List<String> odd =
        List.of(
            "\u0000\u0001\u001f\u007f",
            "😀👩‍👩‍👧",
            "שלום\u202eabc",
            "\"quoted\\\"",
            "x".repeat(10 << 10));
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint)) {
      Api api = new Api(server);
      var _ = api.setUp(Api.config(endpoint.url("/")));
      for (String text : odd) {
        FeedbackEvent.Builder event = Api.event("e-" + odd.indexOf(text));
        event.getMessageDeliveryFeedbackBuilder().getMessageFailureBuilder().setReason(text);
        assertThat(api.publish(event.build()).getFirst().getOutcome())
            .isEqualTo(Outcome.OUTCOME_ACCEPTED);
      }
      await().untilAsserted(() -> assertThat(endpoint.received()).hasSize(odd.size()));
      ObjectMapper json = new ObjectMapper();
      List<String> arrived = new ArrayList<>();
      for (Endpoint.Received post : endpoint.received()) {
        arrived.add(
            json.readTree(post.body())
                .at("/messageDeliveryFeedback/messageFailure/reason")
                .textValue());
      }
      assertThat(arrived).containsExactlyInAnyOrderElementsOf(odd);
    }
  }
}
