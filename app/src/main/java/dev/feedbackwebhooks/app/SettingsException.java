package dev.feedbackwebhooks.app;

/** A setting that cannot stand. The message names it, says why, and what to do. */
final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SettingsException(String message) {
    super(message);
  }
}
