package dev.feedbackwebhooks.domain.delivery;

import dev.feedbackwebhooks.domain.config.Channel;
import java.time.Instant;

/**
 * What a delivery is about: the facts of its event that people look it up by.
 *
 * @param feedbackStatus as the payload spells it: {@code sent}, {@code delivered}, {@code bounce}
 *     or {@code error}
 */
public record DeliverySubject(
    String eventId,
    Instant eventTime,
    String requestId,
    Channel channel,
    String campaignId,
    String feedbackStatus) {}
