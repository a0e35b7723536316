package dev.feedbackwebhooks.app.lifecycle;

import com.google.inject.CreationException;
import com.google.inject.ProvisionException;
import dev.feedbackwebhooks.domain.fault.Failures;
import java.util.Optional;
import java.util.regex.Pattern;

/** The server could not start. The message says why in one line. */
public final class StartFailure extends Exception {
  private static final long serialVersionUID = 1;
  private static final Pattern LINE_BREAKS = Pattern.compile("\\s*\\R\\s*");

  StartFailure(Throwable cause) {
    super(reason(cause), cause);
  }

  /** The reason in one line. */
  public static String reason(Throwable failure) {
    Throwable cause = Failures.cause(failure);
    while ((cause instanceof ProvisionException || cause instanceof CreationException)
        && cause.getCause() != null) {
      cause = Failures.cause(cause.getCause());
    }
    String message = LINE_BREAKS.matcher(String.valueOf(cause.getMessage())).replaceAll("; ");
    return switch (cause) {
      case LinkageError _ ->
          "a part of the program is missing or of another version ("
              + cause.getClass().getSimpleName()
              + ": "
              + message
              + "): install it again";
      case NullPointerException _, ClassCastException _, Error _ ->
          cause.getClass().getSimpleName() + ": " + message;
      default -> Optional.ofNullable(cause.getMessage()).map(_ -> message).orElse(cause.toString());
    };
  }
}
