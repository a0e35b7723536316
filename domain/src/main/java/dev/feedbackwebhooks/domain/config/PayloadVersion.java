package dev.feedbackwebhooks.domain.config;

/** What a configuration's endpoint gets of an event (docs/payload.md). */
public enum PayloadVersion {
  V1,
  /** All of the first, and more of the message and its channel. */
  V2
}
