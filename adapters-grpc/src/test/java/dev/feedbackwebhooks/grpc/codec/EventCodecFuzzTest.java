package dev.feedbackwebhooks.grpc.codec;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.proto.v1.Channel;
import dev.feedbackwebhooks.proto.v1.FeedbackEvent;
import dev.feedbackwebhooks.proto.v1.FeedbackStatus;
import dev.feedbackwebhooks.proto.v1.Identity;
import dev.feedbackwebhooks.proto.v1.IdentityList;
import dev.feedbackwebhooks.proto.v1.MessageDeliveryFeedback;
import dev.feedbackwebhooks.proto.v1.MessageExecution;
import dev.feedbackwebhooks.proto.v1.MessageType;
import dev.feedbackwebhooks.proto.v1.Sandbox;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever comes as an event: it is invalid for reasons that are told, or keeps the rules. */
class EventCodecFuzzTest {
  private static final int MOST_VIOLATIONS = 50;

  /** A byte of an event that is another one. */
  record Change(int at, byte to) {}

  @Property(tries = 2_000)
  void anyBytesThatParseAreDecoded(@ForAll("changes") List<Change> changes) {
    byte[] bytes = event("e-1", "prod", "user@example.com", 0).toByteArray();
    changes.forEach(change -> bytes[change.at % bytes.length] = change.to);
    try {
      check(FeedbackEvent.parseFrom(bytes));
    } catch (InvalidProtocolBufferException _) {
      // Refused by gRPC itself.
    }
  }

  @Property(tries = 1_000)
  void anyFieldsAreDecoded(@ForAll("events") FeedbackEvent event) {
    check(event);
  }

  private static void check(FeedbackEvent event) {
    switch (EventCodec.decode(event, Samples.NOW, null)) {
      case EventCodec.Decoded.Invalid(var violations, _) ->
          assertThat(violations).isNotEmpty().hasSizeLessThanOrEqualTo(MOST_VIOLATIONS);
      case EventCodec.Decoded.Valid(var valid) -> checkValid(event, valid);
    }
  }

  private static void checkValid(
      FeedbackEvent given, dev.feedbackwebhooks.domain.event.FeedbackEvent event) {
    assertThat(event.eventId()).isEqualTo(given.getEventId());
    assertThat(event.eventId().codePointCount(0, event.eventId().length())).isBetween(1, 128);
    assertThat(event.imsOrg()).isNotEmpty().doesNotContain("/", " ", "\n");
    assertThat(event.sandbox().name()).isNotEmpty().doesNotContain("/", " ", "\n");
    assertThat(event.identityMap()).isNotEmpty();
    assertThat(event.identityMap().values())
        .allSatisfy(
            list -> assertThat(list).isNotEmpty().allMatch(identity -> !identity.id().isEmpty()));
    assertThat(EventCodec.decode(given, Samples.NOW, null))
        .isEqualTo(new EventCodec.Decoded.Valid(event));
  }

  @Provide
  Arbitrary<List<Change>> changes() {
    return Combinators.combine(Arbitraries.integers().between(0, 1_000), Arbitraries.bytes())
        .as(Change::new)
        .list()
        .ofMaxSize(6);
  }

  @Provide
  Arbitrary<FeedbackEvent> events() {
    Arbitrary<String> texts =
        Arbitraries.oneOf(
            Arbitraries.of("", "-", "a/b", " ", "é😀", "\u0000", "\u2028", "x\ny"),
            Arbitraries.integers().between(120, 260).map("😀"::repeat),
            Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(8));
    Arbitrary<Long> seconds =
        Arbitraries.of(0L, 1L, -1L, Long.MIN_VALUE, Long.MAX_VALUE, 253_402_300_799L);
    return Combinators.combine(texts, texts, texts, seconds).as(EventCodecFuzzTest::event);
  }

  private static FeedbackEvent event(String id, String name, String identity, long seconds) {
    return FeedbackEvent.newBuilder()
        .setEventId(id)
        .setEventTime(Timestamp.newBuilder().setSeconds(seconds))
        .setRequestId("request")
        .setImsOrg(name)
        .setSandbox(Sandbox.newBuilder().setName(name))
        .setChannel(Channel.CHANNEL_EMAIL)
        .setMessageExecution(
            MessageExecution.newBuilder()
                .setMessageExecutionId("HUMA-1")
                .setMessageType(MessageType.MESSAGE_TYPE_TRANSACTIONAL)
                .setCampaignId("campaign"))
        .setMessageDeliveryFeedback(
            MessageDeliveryFeedback.newBuilder()
                .setFeedbackStatus(FeedbackStatus.FEEDBACK_STATUS_SENT))
        .putIdentityMap(
            identity,
            IdentityList.newBuilder().addIdentities(Identity.newBuilder().setId(identity)).build())
        .build();
  }
}
