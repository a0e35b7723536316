package dev.feedbackwebhooks.domain.replay;

/** Why a replay passes over a delivery. */
public enum ReplaySkip {
  /** It is waiting, held or in flight. */
  NOT_OVER,
  /** Its body was kept for as long as it should be, and is gone. */
  BODY_REMOVED,
  /** There is no configuration that it could go to. */
  NO_CONFIG
}
