package dev.feedbackwebhooks.domain.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * More of a message, which endpoints get that ask for version 2 of the payload.
 *
 * @param profileAddress address of the recipient of a text message
 * @param profileNumber number of the recipient of a text message
 * @param encoding how the message is written, in the provider's word
 * @param messageParts parts that the message was sent in, from 1
 * @param deliveryTime the provider's time of the event
 * @param responseCode what the provider answered
 * @param responseMillis how long the provider took to answer, from 0
 */
public record MessageContext(
    @Nullable String campaignType,
    @Nullable String messageId,
    @Nullable String messageProfileId,
    @Nullable String profileAddress,
    @Nullable String profileNumber,
    @Nullable String encoding,
    @Nullable Integer messageParts,
    @Nullable Instant deliveryTime,
    @Nullable Long responseCode,
    @Nullable Long responseMillis) {
  /** Nothing is known. */
  public static final MessageContext NONE =
      new MessageContext(null, null, null, null, null, null, null, null, null, null);
}
