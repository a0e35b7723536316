package dev.feedbackwebhooks.persistence.stored;

import java.time.Instant;

/** Instants as rows have them. */
public final class Millis {
  private static final Instant LATEST = Instant.ofEpochMilli(Long.MAX_VALUE);

  private Millis() {}

  /** Milliseconds since 1970; the largest number for what is later than that can say. */
  public static long of(Instant instant) {
    return instant.isAfter(LATEST) ? Long.MAX_VALUE : instant.toEpochMilli();
  }
}
