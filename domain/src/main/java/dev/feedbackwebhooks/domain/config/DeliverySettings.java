package dev.feedbackwebhooks.domain.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a configuration that concern the POSTs themselves: version, order, signatures.
 *
 * @param signing null where POSTs carry no signature
 * @param sentFirst how long the final status of a message waits for its {@code sent} to be over at
 *     most, one second to one hour; null where it does not wait
 */
public record DeliverySettings(
    @Nullable Signing signing, PayloadVersion payload, @Nullable Duration sentFirst) {
  /** The settings of a configuration that asks for nothing. */
  public static final DeliverySettings NONE = new DeliverySettings(null, PayloadVersion.V1, null);
}
