package dev.feedbackwebhooks.domain.replay;

/** Where a replay stands. Only the first one changes. */
public enum ReplayState {
  RUNNING,
  SUCCEEDED,
  /** What it had queued until then is sent. */
  CANCELLED
}
