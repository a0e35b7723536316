package dev.feedbackwebhooks.sender.payload;

import static dev.feedbackwebhooks.sender.payload.JsonMembers.number;
import static dev.feedbackwebhooks.sender.payload.JsonMembers.string;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.feedbackwebhooks.domain.config.Channel;
import dev.feedbackwebhooks.domain.event.FeedbackEvent;
import dev.feedbackwebhooks.domain.event.MessageContext;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The members that version 2 of the payload adds to version 1, by channel (docs/payload.md). */
record MessageContextJson(MessageContext context, boolean isText) {
  private static final DateTimeFormatter MILLISECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  static MessageContextJson of(FeedbackEvent event) {
    return new MessageContextJson(event.context(), event.channel() == Channel.SMS);
  }

  /** Before messageExecution. */
  void channelContext(JsonGenerator json) throws IOException {
    if (!isText) {
      return;
    }
    if (context.profileAddress() == null && context.profileNumber() == null) {
      json.writeNullField("channelContext");
      return;
    }
    json.writeObjectFieldStart("channelContext");
    string(json, "profileAddress", context.profileAddress());
    string(json, "profileNumber", context.profileNumber());
    json.writeEndObject();
  }

  /** At the end of messageExecution. */
  void execution(JsonGenerator json) throws IOException {
    if (isText) {
      string(json, "messageID", context.messageId());
      string(json, "messageProfileID", context.messageProfileId());
    }
    string(json, "campaignType", context.campaignType());
  }

  /** At the end of messageDeliveryFeedback. */
  void feedback(JsonGenerator json) throws IOException {
    if (isText) {
      number(json, "responseCode", context.responseCode());
      number(json, "responseDurationMillis", context.responseMillis());
    }
    string(json, "encoding", context.encoding());
    string(json, "numberOfMessageParts", Objects.toString(context.messageParts(), null));
    string(json, "deliveryTimestamp", text(context.deliveryTime()));
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : MILLISECONDS.format(time);
  }
}
