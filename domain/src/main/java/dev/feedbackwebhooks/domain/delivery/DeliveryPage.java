package dev.feedbackwebhooks.domain.delivery;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list of deliveries.
 *
 * @param deliveries newest first; may be fewer than were asked for, or none, though more follow
 * @param next the next page is before this one; null on the last page
 */
public record DeliveryPage(List<Delivery> deliveries, @Nullable DeliveryId next) {
  public DeliveryPage {
    deliveries = List.copyOf(deliveries);
  }
}
