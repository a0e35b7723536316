package dev.feedbackwebhooks.cli;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Text that stands in a variable of the environment or in a file. Line breaks at its end are not
 * part of it: editors, {@code echo} and mounted secrets add them. A variable without text counts as
 * not set.
 */
public final class EnvironmentText {
  private EnvironmentText() {}

  /** A variable's text; empty if it is not set. */
  public static Optional<String> of(Map<String, String> environment, String name) {
    return set(environment.get(name));
  }

  /** The same, of what a variable holds. */
  public static Optional<String> set(@Nullable String value) {
    return Optional.ofNullable(value).map(EnvironmentText::trimmed).filter(text -> !text.isEmpty());
  }

  /** Text without the line breaks at its end. */
  public static String trimmed(String text) {
    int end = text.length();
    while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
      end--;
    }
    return text.substring(0, end);
  }
}
