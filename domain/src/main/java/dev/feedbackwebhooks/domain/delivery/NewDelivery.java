package dev.feedbackwebhooks.domain.delivery;

import dev.feedbackwebhooks.domain.config.Scope;
import java.util.List;

/**
 * A delivery that is not on disk yet.
 *
 * @param configId the configuration that it was taken in for; if another one has its place when it
 *     is due, the delivery is cancelled
 * @param recipients the identities that the event is about; kept as long as the body
 */
public record NewDelivery(
    DeliveryId id,
    Scope scope,
    long configId,
    DeliverySubject subject,
    List<String> recipients,
    Payload payload) {
  public NewDelivery {
    recipients = List.copyOf(recipients);
  }
}
