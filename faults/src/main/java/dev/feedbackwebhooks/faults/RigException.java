package dev.feedbackwebhooks.faults;

/** The rig cannot go on, or what had to happen did not. The message says what. */
final class RigException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RigException(String message) {
    super(message);
  }
}
