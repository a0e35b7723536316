package dev.feedbackwebhooks.domain.delivery;

import dev.feedbackwebhooks.domain.config.Channel;
import java.time.Instant;

/**
 * The subject of a delivery: the facts of its event that people look it up by.
 *
 * @param executionId empty in what was stored by versions that did not know it, once the body is
 *     gone
 * @param feedbackStatus as the payload spells it: {@code sent}, {@code delivered}, {@code bounce}
 *     or {@code error}
 */
public record DeliverySubject(
    String eventId,
    Instant eventTime,
    String requestId,
    String executionId,
    Channel channel,
    String campaignId,
    String feedbackStatus) {}
