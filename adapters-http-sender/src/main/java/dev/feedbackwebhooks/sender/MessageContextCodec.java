package dev.feedbackwebhooks.sender;

import static dev.feedbackwebhooks.sender.PayloadCodec.string;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.feedbackwebhooks.domain.event.MessageContext;
import java.io.IOException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What version 2 of the payload adds to version 1 (docs/payload.md). */
final class MessageContextCodec {
  private MessageContextCodec() {}

  /** At the end of the whole. */
  static void message(JsonGenerator json, MessageContext context) throws IOException {
    string(json, "campaignType", context.campaignType());
    string(json, "messageID", context.messageId());
    string(json, "messageProfileID", context.messageProfileId());
    if (context.profileAddress() == null && context.profileNumber() == null) {
      json.writeNullField("channelContext");
      return;
    }
    json.writeObjectFieldStart("channelContext");
    string(json, "profileAddress", context.profileAddress());
    string(json, "profileNumber", context.profileNumber());
    json.writeEndObject();
  }

  /** At the end of messageDeliveryFeedback. */
  static void feedback(JsonGenerator json, MessageContext context) throws IOException {
    string(json, "encoding", text(context.encoding()));
    string(json, "numberOfMessageParts", text(context.messageParts()));
    string(json, "deliveryTimestamp", text(context.deliveryTime()));
    string(json, "responseCode", context.responseCode());
    if (context.responseMillis() == null) {
      json.writeNullField("responseDurationMillis");
    } else {
      json.writeNumberField("responseDurationMillis", context.responseMillis());
    }
  }

  /** A time comes out by ISO 8601, in UTC: so an {@link Instant} writes itself. */
  private static @Nullable String text(@Nullable Object value) {
    return Objects.toString(value, null);
  }
}
