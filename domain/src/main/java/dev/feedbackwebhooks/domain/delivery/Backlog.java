package dev.feedbackwebhooks.domain.delivery;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries that wait, of all scopes together.
 *
 * @param open deliveries that have not ended, held ones among them
 * @param earliestDue when the first of those is due that may go out; null if there is none
 */
public record Backlog(long open, @Nullable Instant earliestDue) {}
