/** Deliveries: one event on its way to one endpoint, and the ports of the store and the sender. */
@NullMarked
package dev.feedbackwebhooks.domain.delivery;

import org.jspecify.annotations.NullMarked;
