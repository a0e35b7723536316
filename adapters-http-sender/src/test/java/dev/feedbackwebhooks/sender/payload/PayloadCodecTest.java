package dev.feedbackwebhooks.sender.payload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.feedbackwebhooks.domain.config.Channel;
import dev.feedbackwebhooks.domain.config.PayloadVersion;
import dev.feedbackwebhooks.domain.delivery.Payload;
import dev.feedbackwebhooks.domain.event.FeedbackEvent;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.FailureCategory;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.Identity;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.MessageExclusion;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.MessageExecution;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.MessageFailure;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.MessageFeedback;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.MessageType;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.Offer;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.Sandbox;
import dev.feedbackwebhooks.domain.event.FeedbackStatus;
import dev.feedbackwebhooks.domain.event.MessageContext;
import dev.feedbackwebhooks.domain.testing.Samples;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PayloadCodecTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final PayloadCodec codec = new PayloadCodec();

  @Test
  void theSampleEventGivesTheSamplePayloadToTheByte() {
    assertThat(codec.render(Samples.event(), PayloadVersion.V1).text())
        .isEqualTo(
            """
            {"requestId":"8NoByJneShCdCGRnrGS1t1m3CdA73dhR","imsOrg":"myImsOrg",\
            "sandbox":{"id":"068abf40-575e-11ea-8512-9b1bfdb82603","name":"prod"},\
            "channel":"email","eventType":"message.feedback",\
            "messageExecution":{"messageExecutionID":"HUMA-26362805",\
            "messageType":"transactional",\
            "campaignID":"16f24a15-7e21-477c-848a-d5695ca7f137",\
            "campaignVersionID":"2ca10c10-56dd-4505-87cd-fa5da84e7a5d"},\
            "messageDeliveryFeedback":{"feedbackStatus":{"value":"bounce"},"offers":null,\
            "messageExclusion":null,"messageFailure":{"category":"sync","type":"Ignored",\
            "code":"25","reason":"Admin Failure"},"retryCount":0},\
            "identityMap":{"email":[{"id":"john.doe@luma.com","primary":true}]}}\
            """);
  }

  /** As the public page has it: version 1, and its last members of two objects. */
  @Test
  void ofAnEmailVersion2HasFourMembersMore() {
    MessageContext context =
        new MessageContext(
            "ApiTriggered",
            "m-1",
            "mp-1",
            "john.doe@luma.com",
            "+15555550123",
            "UNICODE",
            1,
            Instant.parse("2026-10-06T18:22:41Z"),
            250L,
            12L);
    assertThat(codec.render(with(Samples.event(), context), PayloadVersion.V2).text())
        .isEqualTo(
            """
            {"requestId":"8NoByJneShCdCGRnrGS1t1m3CdA73dhR","imsOrg":"myImsOrg",\
            "sandbox":{"id":"068abf40-575e-11ea-8512-9b1bfdb82603","name":"prod"},\
            "channel":"email","eventType":"message.feedback",\
            "messageExecution":{"messageExecutionID":"HUMA-26362805",\
            "messageType":"transactional",\
            "campaignID":"16f24a15-7e21-477c-848a-d5695ca7f137",\
            "campaignVersionID":"2ca10c10-56dd-4505-87cd-fa5da84e7a5d",\
            "campaignType":"ApiTriggered"},\
            "messageDeliveryFeedback":{"feedbackStatus":{"value":"bounce"},"offers":null,\
            "messageExclusion":null,"messageFailure":{"category":"sync","type":"Ignored",\
            "code":"25","reason":"Admin Failure"},"retryCount":0,"encoding":"UNICODE",\
            "numberOfMessageParts":"1","deliveryTimestamp":"2026-10-06T18:22:41.000Z"},\
            "identityMap":{"email":[{"id":"john.doe@luma.com","primary":true}]}}\
            """);
    assertThat(codec.render(Samples.event(), PayloadVersion.V2).text())
        .contains("\"campaignType\":null},\"messageDeliveryFeedback\":")
        .contains(
            "\"retryCount\":0,\"encoding\":null,\"numberOfMessageParts\":null,"
                + "\"deliveryTimestamp\":null},\"identityMap\":")
        .doesNotContain("channelContext", "messageID", "responseCode");
  }

  @Test
  void ofATextMessageVersion2IsThePublicSampleToTheByte() {
    FeedbackEvent event =
        new FeedbackEvent(
            "e",
            Samples.NOW,
            "4f1c2d9e-0f4b-4b7e-9a55-2f6c1f0a7d10",
            "XXXX@AdobeOrg",
            new Sandbox("068abf40-575e-11ea-8512-9b1bfdb82603", "prod"),
            Channel.SMS,
            new MessageExecution(
                "UMA-77120034",
                MessageType.MARKETING,
                "16f24a15-7e21-477c-848a-d5695ca7f137",
                "2ca10c10-56dd-4505-87cd-fa5da84e7a5d"),
            new MessageFeedback(FeedbackStatus.DELIVERED, List.of(), null, null, null),
            Map.of("Phone", List.of(new Identity("+15555550123", null))));
    MessageContext context =
        new MessageContext(
            "ApiTriggered",
            "m-1",
            "mp-1",
            null,
            "+15555550123",
            "GSM",
            2,
            Instant.parse("2026-10-06T18:22:41.512Z"),
            null,
            null);
    assertThat(codec.render(with(event, context), PayloadVersion.V2).text())
        .isEqualTo(
            """
            {"requestId":"4f1c2d9e-0f4b-4b7e-9a55-2f6c1f0a7d10","imsOrg":"XXXX@AdobeOrg",\
            "sandbox":{"id":"068abf40-575e-11ea-8512-9b1bfdb82603","name":"prod"},\
            "channel":"sms","eventType":"message.feedback",\
            "channelContext":{"profileAddress":null,"profileNumber":"+15555550123"},\
            "messageExecution":{"messageExecutionID":"UMA-77120034","messageType":"marketing",\
            "campaignID":"16f24a15-7e21-477c-848a-d5695ca7f137",\
            "campaignVersionID":"2ca10c10-56dd-4505-87cd-fa5da84e7a5d",\
            "messageID":"m-1","messageProfileID":"mp-1","campaignType":"ApiTriggered"},\
            "messageDeliveryFeedback":{"feedbackStatus":{"value":"delivered"},"offers":null,\
            "messageExclusion":null,"messageFailure":null,"retryCount":null,\
            "responseCode":null,"responseDurationMillis":null,"encoding":"GSM",\
            "numberOfMessageParts":"2","deliveryTimestamp":"2026-10-06T18:22:41.512Z"},\
            "identityMap":{"Phone":[{"id":"+15555550123"}]}}\
            """);
    assertThat(codec.render(event, PayloadVersion.V2).text())
        .contains("\"eventType\":\"message.feedback\",\"channelContext\":null,")
        .contains("\"messageID\":null,\"messageProfileID\":null,\"campaignType\":null}")
        .contains("\"encoding\":null,\"numberOfMessageParts\":null,\"deliveryTimestamp\":null}");
  }

  private static FeedbackEvent with(FeedbackEvent event, MessageContext context) {
    return new FeedbackEvent(
        event.eventId(),
        event.eventTime(),
        event.requestId(),
        event.imsOrg(),
        event.sandbox(),
        event.channel(),
        event.execution(),
        event.feedback(),
        event.identityMap(),
        context,
        null);
  }

  @Test
  void whatIsAbsentIsNullAndWhatIsThereIsPassedOn() {
    FeedbackEvent sparse =
        event(
            "r",
            new MessageFeedback(
                FeedbackStatus.SENT,
                List.of(new Offer("o", null, null, "2026", 2, null, "a")),
                new MessageExclusion("EmailSuppressed 050102", null, Map.of()),
                new MessageFailure(null, null, null, null),
                null),
            Map.of("Phone", List.of(new Identity("+1", null), new Identity("+2", false))));
    assertThat(codec.render(sparse, PayloadVersion.V1).text())
        .contains("\"sandbox\":{\"id\":null,\"name\":\"prod\"}")
        .contains("\"channel\":\"sms\"")
        .contains("\"campaignVersionID\":null")
        .contains(
            "\"offers\":[{\"offerID\":\"o\",\"placementID\":null,\"propositionID\":null,"
                + "\"propositionTime\":\"2026\",\"offerCount\":2,\"scopeID\":null,"
                + "\"activityID\":\"a\"}]")
        .contains(
            "\"messageExclusion\":{\"code\":\"EmailSuppressed 050102\",\"reason\":null,"
                + "\"details\":null}")
        .contains(
            "\"messageFailure\":{\"category\":null,\"type\":null,\"code\":null,\"reason\":null}")
        .contains("\"retryCount\":null")
        .contains(
            "\"identityMap\":{\"Phone\":[{\"id\":\"+1\"},{\"id\":\"+2\",\"primary\":false}]}");
  }

  @Test
  void aLoneSurrogateIsWrittenAsItsEscape() {
    assertThat(codec.render(reason("a\ud83db\udc00\ud83d\ude00"), PayloadVersion.V1).text())
        .contains("\"reason\":\"a\\uD83Db\\uDC00😀\"");
  }

  @Property(tries = 500)
  void anyTextComesThroughUnchanged(@ForAll("anyUnicode") String text) throws Exception {
    Payload payload = codec.render(reason(text), PayloadVersion.V1);
    JsonNode tree = JSON.readTree(payload.bytes());
    assertThat(tree.at("/messageDeliveryFeedback/messageFailure/reason").textValue())
        .isEqualTo(text);
    assertThat(tree.at("/requestId").textValue()).isEqualTo(text);
    assertThat(tree.get("identityMap").get(text).get(0).get("id").textValue()).isEqualTo(text);
  }

  /** Every code point there is, control characters, right-to-left marks and emoji among them. */
  @Provide
  Arbitrary<String> anyUnicode() {
    return Arbitraries.integers()
        .between(0, Character.MAX_CODE_POINT)
        .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
        .map(Character::toString)
        .list()
        .ofMaxSize(200)
        .map(parts -> String.join("", parts));
  }

  private static FeedbackEvent reason(String text) {
    return event(
        text,
        new MessageFeedback(
            FeedbackStatus.ERROR,
            List.of(),
            null,
            new MessageFailure(FailureCategory.ASYNC, "Hard", "10", text),
            0),
        Map.of(text, List.of(new Identity(text, true))));
  }

  private static FeedbackEvent event(
      String requestId, MessageFeedback feedback, Map<String, List<Identity>> identities) {
    return new FeedbackEvent(
        "e",
        Samples.NOW,
        requestId,
        "org",
        new Sandbox(null, "prod"),
        Channel.SMS,
        new MessageExecution("x", MessageType.TRANSACTIONAL, "c", null),
        feedback,
        identities);
  }
}
