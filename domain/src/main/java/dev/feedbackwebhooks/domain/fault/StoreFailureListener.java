package dev.feedbackwebhooks.domain.fault;

/** Hears that the store failed. Must be quick and must not throw. */
public interface StoreFailureListener {
  /**
   * The store failed, and what was asked of it is tried again.
   *
   * @param operation what was asked, in one word
   * @param cause may come wrapped: see {@link Failures#cause}
   */
  void storeFailed(String operation, Throwable cause);
}
