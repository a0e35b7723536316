package dev.feedbackwebhooks.persistence.stored;

import org.jspecify.annotations.Nullable;

/** The store cannot be opened. The message says why in one line, and what to do. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
