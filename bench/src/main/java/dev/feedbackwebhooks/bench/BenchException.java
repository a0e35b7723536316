package dev.feedbackwebhooks.bench;

/** The bench cannot go on; the message says why, for people. */
final class BenchException extends RuntimeException {
  private static final long serialVersionUID = 1;

  BenchException(String message) {
    super(message);
  }
}
