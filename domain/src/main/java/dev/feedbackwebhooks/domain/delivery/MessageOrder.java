package dev.feedbackwebhooks.domain.delivery;

import java.time.Duration;

/** When a delivery's turn is among those of its message to its recipient. */
public sealed interface MessageOrder {
  /** At once. */
  record Any() implements MessageOrder {}

  /** At once; others wait for it. */
  record First(MessageKey message) implements MessageOrder {}

  /**
   * Once the first of its message is over.
   *
   * @param most how long it waits at most, from its intake on
   */
  record After(MessageKey message, Duration most) implements MessageOrder {}
}
