package dev.feedbackwebhooks.grpc.codec;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.feedbackwebhooks.domain.event.MessageContext;
import dev.feedbackwebhooks.domain.fault.Violations;
import dev.feedbackwebhooks.proto.v1.FeedbackEvent;
import dev.feedbackwebhooks.proto.v1.MessageDeliveryFeedback;
import dev.feedbackwebhooks.proto.v1.MessageExecution;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Codec of the fields that the second version of the payload has of an event. */
final class MessageContextCodec {
  private static final int MAX_TEXT = 255;
  private static final String ENCODING_CONSTANT = "MESSAGE_ENCODING_";
  private static final String AT = "message_delivery_feedback.";

  private MessageContextCodec() {}

  /** Decodes the fields; useless where a violation was added. */
  static MessageContext decode(FeedbackEvent event, Violations violations) {
    MessageDeliveryFeedback feedback = event.getMessageDeliveryFeedback();
    violations.require(
        !feedback.hasNumberOfMessageParts() || feedback.getNumberOfMessageParts() > 0,
        AT + "number_of_message_parts",
        "is not positive: it counts from 1");
    violations.require(
        !feedback.hasResponseDurationMillis() || feedback.getResponseDurationMillis() >= 0,
        AT + "response_duration_millis",
        "is negative");
    MessageExecution execution = event.getMessageExecution();
    return new MessageContext(
        text("campaign_type", execution.getCampaignType(), event.getCampaignType(), violations),
        text("message_id", execution.getMessageId(), event.getMessageId(), violations),
        text(
            "message_profile_id",
            execution.getMessageProfileId(),
            event.getMessageProfileId(),
            violations),
        text(
            "channel_context.profile_address",
            event.getChannelContext().getProfileAddress(),
            violations),
        text(
            "channel_context.profile_number",
            event.getChannelContext().getProfileNumber(),
            violations),
        encoding(feedback.getEncoding(), violations),
        feedback.hasNumberOfMessageParts() ? feedback.getNumberOfMessageParts() : null,
        feedback.hasDeliveryTimestamp() ? time(feedback.getDeliveryTimestamp(), violations) : null,
        feedback.hasResponseCode() ? feedback.getResponseCode() : null,
        feedback.hasResponseDurationMillis() ? feedback.getResponseDurationMillis() : null);
  }

  /** The field of the execution, or else of the event. */
  private static @Nullable String text(
      String field, String withExecution, String withEvent, Violations violations) {
    return withExecution.isEmpty()
        ? text(field, withEvent, violations)
        : text("message_execution." + field, withExecution, violations);
  }

  private static @Nullable String text(String field, String text, Violations violations) {
    violations.length(field, text, 0, MAX_TEXT);
    return text.isEmpty() ? null : text;
  }

  /** It was an enum once: in JSON its constants are still understood. */
  private static @Nullable String encoding(String given, Violations violations) {
    String encoding =
        given.startsWith(ENCODING_CONSTANT) ? given.substring(ENCODING_CONSTANT.length()) : given;
    return text(AT + "encoding", encoding.equals("UNSPECIFIED") ? "" : encoding, violations);
  }

  private static @Nullable Instant time(Timestamp time, Violations violations) {
    if (!Timestamps.isValid(time)) {
      violations.add(AT + "delivery_timestamp", "is no time between the years 1 and 9999");
      return null;
    }
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }
}
