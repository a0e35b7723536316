package dev.feedbackwebhooks.domain.delivery;

/** What became of the wish to have a delivery sent again. */
public enum RetryOutcome {
  /** It is due. */
  DUE,
  /** It is delivered or in flight, or there is none. */
  NOT_RETRYABLE,
  /** Its body was kept for as long as it should be, and is gone. */
  BODY_GONE
}
