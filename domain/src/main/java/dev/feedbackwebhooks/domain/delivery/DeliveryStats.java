package dev.feedbackwebhooks.domain.delivery;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The counts of all deliveries that a scope ever had, those that retention has removed included:
 * {@code accepted} is the sum of the others, always.
 *
 * @param waiting due now or later, in flight ones among them
 * @param held waiting while their configuration is disabled
 * @param cancelled their configuration was deleted
 * @param latency of the delivered ones, from intake on
 * @param earliestDue when the first of those that wait is due: long past, it tells of a backlog;
 *     null if none waits
 */
public record DeliveryStats(
    long accepted,
    long waiting,
    long held,
    long delivered,
    long exhausted,
    long refused,
    long cancelled,
    Latencies latency,
    @Nullable Instant earliestDue) {}
