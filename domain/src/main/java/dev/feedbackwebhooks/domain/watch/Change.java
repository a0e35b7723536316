package dev.feedbackwebhooks.domain.watch;

import dev.feedbackwebhooks.domain.delivery.Delivery;

/**
 * A delivery that changed.
 *
 * @param delivery as it stands now, without attempts
 * @param cursor with which to go on behind it
 */
public record Change(Delivery delivery, ChangeCursor cursor) {}
