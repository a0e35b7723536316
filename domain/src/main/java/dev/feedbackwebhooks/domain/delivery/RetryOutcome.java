package dev.feedbackwebhooks.domain.delivery;

/** The result of a request to send a delivery again. */
public enum RetryOutcome {
  /** It is due. */
  DUE,
  /** It is delivered or in flight, or there is none. */
  NOT_RETRYABLE,
  /** Its body was kept for as long as it should be, and is gone. */
  BODY_GONE
}
