package dev.feedbackwebhooks.domain.retention;

import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Takes deliveries that are over out of the store. Does not block its caller. */
public interface DeliveryPurge {
  /**
   * Looks at deliveries from the oldest after {@code after} on, at a bounded number of them, and
   * removes what may go by {@code expiry}: of a delivery with its body, its attempts, and that its
   * event is known; or of its body alone. Few at a time: others' writes wait meanwhile.
   *
   * @param after the last one of the step before; null to begin
   */
  CompletionStage<Step> purge(Retention.Expiry expiry, @Nullable DeliveryId after);

  /**
   * The result of a step.
   *
   * @param deliveries how many were removed
   * @param bodies how many bodies were removed of deliveries that stay
   * @param last the last one that was looked at; null once there is no further one that may go
   */
  record Step(int deliveries, int bodies, @Nullable DeliveryId last) {}
}
