package dev.feedbackwebhooks.domain.replay;

/** The state of a replay. Only the first one changes. */
public enum ReplayState {
  RUNNING,
  SUCCEEDED,
  /** Cancelled; deliveries that it had queued until then are sent. */
  CANCELLED
}
