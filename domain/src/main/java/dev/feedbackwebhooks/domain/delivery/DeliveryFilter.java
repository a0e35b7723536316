package dev.feedbackwebhooks.domain.delivery;

import dev.feedbackwebhooks.domain.config.Channel;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which deliveries to list; a null part means any.
 *
 * @param recipient one of the identities that the event names, exactly as it was ingested; finds
 *     only what still has its body
 * @param createdFrom inclusive
 * @param createdBefore exclusive
 */
public record DeliveryFilter(
    @Nullable DeliveryState state,
    @Nullable Channel channel,
    @Nullable String campaignId,
    @Nullable String requestId,
    @Nullable String executionId,
    @Nullable String recipient,
    @Nullable Instant createdFrom,
    @Nullable Instant createdBefore) {
  public static final DeliveryFilter ALL =
      new DeliveryFilter(null, null, null, null, null, null, null, null);

  /** The same, with another end of the time of creation. */
  public DeliveryFilter until(Instant end) {
    return new DeliveryFilter(
        state, channel, campaignId, requestId, executionId, recipient, createdFrom, end);
  }
}
