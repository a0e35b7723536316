package dev.feedbackwebhooks.domain.config;

/** The route that a message takes to its recipient. Never a gRPC channel. */
public enum Channel {
  EMAIL,
  SMS
}
