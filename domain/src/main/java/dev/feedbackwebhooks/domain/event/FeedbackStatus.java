package dev.feedbackwebhooks.domain.event;

/** The statuses that the pipeline knows, and which of them are sent on to customers. */
public enum FeedbackStatus {
  SENT(true),
  DELIVERED(true),
  BOUNCE(true),
  ERROR(true),
  EXCLUDE(false),
  DELAY(false),
  DUPLICATE(false),
  DENYLIST(false),
  READ(false),
  UNKNOWN(false);

  private final boolean forwarded;

  FeedbackStatus(boolean forwarded) {
    this.forwarded = forwarded;
  }

  public boolean forwarded() {
    return forwarded;
  }
}
