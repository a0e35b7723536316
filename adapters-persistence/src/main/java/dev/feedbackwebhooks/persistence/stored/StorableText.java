package dev.feedbackwebhooks.persistence.stored;

/** Text as PostgreSQL can hold it. */
public final class StorableText {
  private static final char NUL = '\0';
  private static final char REPLACEMENT = '\uFFFD';

  private StorableText() {}

  /** The same, but for U+0000, which no text of PostgreSQL may contain. */
  public static String of(String text) {
    return text.indexOf(NUL) < 0 ? text : text.replace(NUL, REPLACEMENT);
  }
}
