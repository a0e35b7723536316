package dev.feedbackwebhooks.domain.delivery;

import dev.feedbackwebhooks.domain.config.Scope;
import java.util.List;

/**
 * A delivery that is not on disk yet.
 *
 * @param configId the configuration that it was taken in for; if another one has its place when it
 *     is due, the delivery is cancelled
 * @param turn when it may go out, among those of its message
 * @param recipients the identities that the event is about; kept as long as the body
 */
public record NewDelivery(
    DeliveryId id,
    Scope scope,
    long configId,
    DeliverySubject subject,
    MessageOrder turn,
    List<String> recipients,
    Payload payload) {
  private static final MessageOrder ANY = new MessageOrder.Any();

  /** One that may go out at once. */
  public NewDelivery(
      DeliveryId id,
      Scope scope,
      long configId,
      DeliverySubject subject,
      List<String> recipients,
      Payload payload) {
    this(id, scope, configId, subject, ANY, recipients, payload);
  }

  public NewDelivery {
    recipients = List.copyOf(recipients);
  }
}
