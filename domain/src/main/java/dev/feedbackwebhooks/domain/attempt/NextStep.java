package dev.feedbackwebhooks.domain.attempt;

import java.time.Instant;

/** The step that follows an attempt. */
public sealed interface NextStep {
  /** Nothing: it is delivered. */
  record Done() implements NextStep {}

  /** Another attempt, not before {@code at}. */
  record RetryAt(Instant at) implements NextStep {}

  /**
   * Nothing more, unless an operator asks.
   *
   * @param reason one line for people
   */
  record GiveUp(Ending ending, String reason) implements NextStep {}

  /** The ending of a delivery that was not delivered. */
  enum Ending {
    EXHAUSTED,
    REFUSED,
    CANCELLED
  }
}
