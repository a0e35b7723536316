package dev.feedbackwebhooks.app;

/** The server could not start. The message says why in one line. */
final class StartFailure extends Exception {
  private static final long serialVersionUID = 1;

  StartFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
