package dev.feedbackwebhooks.domain.config;

/** The version of the payload that an endpoint gets (docs/payload.md). */
public enum PayloadVersion {
  V1,
  /** All of the first, and more of the message and its channel. */
  V2
}
