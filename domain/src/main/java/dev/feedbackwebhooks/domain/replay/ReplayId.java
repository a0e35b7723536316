package dev.feedbackwebhooks.domain.replay;

import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import java.util.Optional;

/**
 * Names a replay: as an operation here, and as {@code webhook-replay} at the receiver.
 *
 * @param value positive; grows with the time of the start
 */
public record ReplayId(long value) {
  /** Written like the id of a delivery. */
  public String text() {
    return new DeliveryId(value).text();
  }

  /** Reads {@link #text}; empty for anything else. */
  public static Optional<ReplayId> parse(String text) {
    return DeliveryId.parse(text).map(id -> new ReplayId(id.value()));
  }
}
