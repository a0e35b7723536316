package dev.feedbackwebhooks.domain.delivery;

import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.config.Scope;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The duty to bring one event to one endpoint, as it stands on disk.
 *
 * @param stateReason one line for people; empty where the state says all
 * @param nextAttempt null unless waiting
 * @param attempts oldest first; left empty in lists
 */
public record Delivery(
    DeliveryId id,
    Scope scope,
    DeliverySubject subject,
    DeliveryState state,
    String stateReason,
    int attemptCount,
    @Nullable Instant nextAttempt,
    Instant createTime,
    Instant updateTime,
    List<Attempt> attempts) {
  /** Reason of a waiting delivery whose configuration is disabled. */
  public static final String HELD_REASON =
      "the configuration is disabled: enable it, and this goes out";

  /** Reason of a delivery whose configuration is gone. */
  public static final String CANCELLED_REASON = "its configuration was deleted";

  public Delivery {
    attempts = List.copyOf(attempts);
  }

  public String name() {
    return name(scope, id);
  }

  public static String name(Scope scope, DeliveryId id) {
    return scope.name() + "/deliveries/" + id.text();
  }
}
