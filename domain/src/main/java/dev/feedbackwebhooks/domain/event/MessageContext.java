package dev.feedbackwebhooks.domain.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * More of a message, which endpoints get that ask for version 2 of the payload.
 *
 * @param profileAddress address that the channel's profile sends from
 * @param profileNumber number that the channel's profile sends from
 * @param messageParts parts that a text message was sent in, from 1
 * @param deliveryTime when the provider delivered it
 * @param responseCode what the provider answered
 * @param responseMillis how long the provider took to answer, from 0
 */
public record MessageContext(
    @Nullable String campaignType,
    @Nullable String messageId,
    @Nullable String messageProfileId,
    @Nullable String profileAddress,
    @Nullable String profileNumber,
    @Nullable Encoding encoding,
    @Nullable Integer messageParts,
    @Nullable Instant deliveryTime,
    @Nullable String responseCode,
    @Nullable Long responseMillis) {
  /** Nothing is known. */
  public static final MessageContext NONE =
      new MessageContext(null, null, null, null, null, null, null, null, null, null);

  /** How a text message is written. */
  public enum Encoding {
    GSM,
    UNICODE
  }
}
