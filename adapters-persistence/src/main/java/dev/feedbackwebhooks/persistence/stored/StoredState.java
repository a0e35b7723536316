package dev.feedbackwebhooks.persistence.stored;

import dev.feedbackwebhooks.domain.attempt.NextStep;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;

/**
 * The states that stand in rows; held, and cancelled by a deletion, follow from the configuration.
 */
public enum StoredState {
  WAITING(0, DeliveryState.WAITING),
  CLAIMED(1, DeliveryState.CLAIMED),
  DELIVERED(2, DeliveryState.DELIVERED),
  EXHAUSTED(3, DeliveryState.EXHAUSTED),
  REFUSED(4, DeliveryState.REFUSED),
  CANCELLED(5, DeliveryState.CANCELLED);

  private final int code;
  private final DeliveryState state;

  StoredState(int code, DeliveryState state) {
    this.code = code;
    this.state = state;
  }

  public int code() {
    return code;
  }

  public DeliveryState state() {
    return state;
  }

  public static StoredState of(int code) {
    for (StoredState state : values()) {
      if (state.code == code) {
        return state;
      }
    }
    throw new IllegalStateException("no state has the code " + code);
  }

  public static StoredState of(NextStep.Ending ending) {
    return switch (ending) {
      case EXHAUSTED -> EXHAUSTED;
      case REFUSED -> REFUSED;
      case CANCELLED -> CANCELLED;
    };
  }
}
