package dev.feedbackwebhooks.domain.delivery;

import java.time.Duration;

/** When a delivery's turn is among those of its message to its recipient. */
public sealed interface Turn {
  /** At once. */
  record Any() implements Turn {}

  /** At once; others wait for it. */
  record First(MessageKey message) implements Turn {}

  /**
   * Once the first of its message is over.
   *
   * @param most how long it waits at most, from its intake on
   */
  record After(MessageKey message, Duration most) implements Turn {}
}
