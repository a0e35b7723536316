package dev.feedbackwebhooks.domain.fault;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * Unwraps the failure of a stage. A stage that depends on another one fails with a {@link
 * CompletionException} around the other's failure, so whoever wants to know what it was asks here
 * and nowhere else.
 */
public final class Failures {
  private Failures() {}

  /** The failure itself, without the exceptions that only carry it. */
  public static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** The same, to be thrown by who waited for the stage. */
  public static RuntimeException thrown(Throwable failure) {
    return switch (cause(failure)) {
      case RuntimeException itself -> itself;
      case Error error -> throw error;
      case Throwable checked -> new CompletionException(checked);
    };
  }

  /** Whether nothing can be had now, and the same may succeed a moment later. */
  public static boolean isUnavailable(Throwable failure) {
    return cause(failure) instanceof Fault.Unavailable;
  }
}
