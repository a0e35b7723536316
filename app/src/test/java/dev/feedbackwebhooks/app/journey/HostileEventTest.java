package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Timestamp;
import dev.feedbackwebhooks.proto.v1.FeedbackEvent;
import dev.feedbackwebhooks.proto.v1.FeedbackResult;
import dev.feedbackwebhooks.proto.v1.FieldViolation;
import dev.feedbackwebhooks.proto.v1.Identity;
import dev.feedbackwebhooks.proto.v1.IdentityList;
import dev.feedbackwebhooks.proto.v1.MessageFailure;
import dev.feedbackwebhooks.proto.v1.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every event that must be rejected, on a stream that goes on; and odd ones that must not. */
@NullUnmarked
class HostileEventTest {
  @TempDir static Path directory;
  private static Endpoint endpoint;
  private static RunningServer server;
  private static Api api;

  /** How many events were good. */
  private static int goods;

  @BeforeAll
  static void open() throws Exception {
    endpoint = Endpoint.start(directory);
    server = RunningServer.start(directory, endpoint);
    api = new Api(server);
    var _ = api.setUp(Api.config(endpoint.url("/")));
  }

  @AfterAll
  static void close() {
    server.close();
    endpoint.close();
  }

  /** What is wrong, the field that is named for it, and how an event comes to be so. */
  private static Arguments bad(String what, String field, Consumer<FeedbackEvent.Builder> spoil) {
    return Arguments.argumentSet(what, field, spoil);
  }

  static Stream<Arguments> bad() {
    String execution = "message_execution.";
    String feedback = "message_delivery_feedback.";
    return Stream.of(
        bad("no event_id", "event_id", FeedbackEvent.Builder::clearEventId),
        bad("event_id of 129 characters", "event_id", e -> e.setEventId("x".repeat(129))),
        bad(
            "a time before its second",
            "event_time",
            e -> e.setEventTime(Timestamp.newBuilder().setNanos(-1))),
        bad("no request_id", "request_id", FeedbackEvent.Builder::clearRequestId),
        bad("request_id of 256 characters", "request_id", e -> e.setRequestId("x".repeat(256))),
        bad("no ims_org", "ims_org", FeedbackEvent.Builder::clearImsOrg),
        bad("ims_org with a slash", "ims_org", e -> e.setImsOrg("a/b")),
        bad("no sandbox", "sandbox.name", FeedbackEvent.Builder::clearSandbox),
        bad("a wildcard sandbox", "sandbox.name", e -> e.getSandboxBuilder().setName("-")),
        bad("a long sandbox id", "sandbox.id", e -> e.getSandboxBuilder().setId("x".repeat(256))),
        bad("no channel", "channel", FeedbackEvent.Builder::clearChannel),
        bad("an unknown channel", "channel", e -> e.setChannelValue(99)),
        bad(
            "no execution",
            execution + "message_execution_id",
            FeedbackEvent.Builder::clearMessageExecution),
        bad(
            "an unknown message type",
            execution + "message_type",
            e -> e.getMessageExecutionBuilder().setMessageTypeValue(99)),
        bad(
            "no message type",
            execution + "message_type",
            e -> e.getMessageExecutionBuilder().clearMessageType()),
        bad(
            "no campaign",
            execution + "campaign_id",
            e -> e.getMessageExecutionBuilder().clearCampaignId()),
        bad(
            "a long campaign version",
            execution + "campaign_version_id",
            e -> e.getMessageExecutionBuilder().setCampaignVersionId("x".repeat(256))),
        bad(
            "no status",
            feedback + "feedback_status",
            FeedbackEvent.Builder::clearMessageDeliveryFeedback),
        bad(
            "an unknown status",
            feedback + "feedback_status",
            e -> e.getMessageDeliveryFeedbackBuilder().setFeedbackStatusValue(99)),
        bad(
            "a negative retry count",
            feedback + "retry_count",
            e -> e.getMessageDeliveryFeedbackBuilder().setRetryCount(-1)),
        bad(
            "an unknown category of failure",
            feedback + "message_failure.category",
            e -> failure(e).setCategoryValue(99)),
        bad("no identity", "identity_map", FeedbackEvent.Builder::clearIdentityMap),
        bad(
            "an empty list of identities",
            "identity_map[sms]",
            e -> e.putIdentityMap("sms", IdentityList.getDefaultInstance())),
        bad(
            "an identity without an id",
            "identity_map[sms].id",
            e ->
                e.putIdentityMap(
                    "sms",
                    IdentityList.newBuilder()
                        .addIdentities(Identity.getDefaultInstance())
                        .build())),
        bad("256 KiB", "event", e -> failure(e).setReason("x".repeat(256 * 1024))));
  }

  private static MessageFailure.Builder failure(FeedbackEvent.Builder event) {
    return event.getMessageDeliveryFeedbackBuilder().getMessageFailureBuilder();
  }

  @ParameterizedTest
  @MethodSource("bad")
  void aBadEventIsRejectedByItsFieldAndTheStreamGoesOn(
      String field, Consumer<FeedbackEvent.Builder> spoil) throws Exception {
    FeedbackEvent.Builder event = Api.event("bad");
    spoil.accept(event);
    EventStream stream = new EventStream(api);
    stream.send(event.build());
    stream.send(Api.event("good" + goods++).build());
    List<FeedbackResult> results = stream.end();

    assertThat(results)
        .extracting(FeedbackResult::getOutcome)
        .containsExactly(Outcome.OUTCOME_REJECTED, Outcome.OUTCOME_ACCEPTED);
    assertThat(results.getFirst().getViolationsList())
        .extracting(FieldViolation::getField)
        .contains(field);
    await().untilAsserted(() -> assertThat(endpoint.received()).hasSize(goods));
  }

  @ParameterizedTest
  @MethodSource("odd")
  void oddTextPassesThroughUnchanged(String text) throws Exception {
    FeedbackEvent.Builder event = Api.event("odd" + goods++);
    var _ = failure(event).setReason(text);
    FeedbackResult result = api.publish(event.build()).getFirst();
    assertThat(result.getOutcome()).isEqualTo(Outcome.OUTCOME_ACCEPTED);
    await().untilAsserted(() -> assertThat(endpoint.received()).hasSize(goods));
    String id = result.getDelivery().substring(result.getDelivery().lastIndexOf('/') + 1);
    Endpoint.Received post =
        endpoint.received().stream()
            .filter(each -> each.webhookId().equals(id))
            .findFirst()
            .orElseThrow();
    assertThat(
            new ObjectMapper()
                .readTree(post.body())
                .at("/messageDeliveryFeedback/messageFailure/reason")
                .textValue())
        .isEqualTo(text);
  }

  static Stream<Arguments> odd() {
    return Stream.of(
        Arguments.argumentSet("control characters", "\u0000\u0001\u001f\u007f"),
        Arguments.argumentSet("emoji", "😀👩‍👩‍👧"),
        Arguments.argumentSet("right to left", "שלום\u202eabc"),
        Arguments.argumentSet("quotes", "\"quoted\\\""),
        Arguments.argumentSet("10 KiB", "x".repeat(10 << 10)));
  }
}
