package dev.feedbackwebhooks.domain.engine;

import dev.feedbackwebhooks.domain.config.Configs;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender;
import dev.feedbackwebhooks.domain.health.EndpointHealthMonitor;
import java.util.concurrent.Executor;

/**
 * The ports and services that the engine works with.
 *
 * @param background runs what blocks, so that the mailbox never does
 */
public record EnginePorts(
    DeliveryQueue queue,
    FeedbackSender sender,
    Configs configs,
    DeliveryListener listener,
    EndpointHealthMonitor health,
    Executor background) {}
