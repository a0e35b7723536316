package dev.feedbackwebhooks.domain.delivery;

import dev.feedbackwebhooks.domain.config.Scope;

/**
 * A delivery that is not on disk yet.
 *
 * @param configId the configuration that it was taken in for; if another one has its place when it
 *     is due, the delivery is cancelled
 */
public record NewDelivery(
    DeliveryId id, Scope scope, long configId, DeliverySubject subject, Payload payload) {}
