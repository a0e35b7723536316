package dev.feedbackwebhooks.app.options;

/** A setting that cannot stand. The message names it, says why, and what to do. */
public final class SettingsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  SettingsException(String message) {
    super(message);
  }
}
