package dev.feedbackwebhooks.domain.delivery;

/** The states of a delivery, drawn in docs/states.md. */
public enum DeliveryState {
  /** Due now or later. */
  WAITING,
  /** In the hands of a process: in its memory or on the wire. */
  CLAIMED,
  /** Waiting, while its configuration is disabled. */
  HELD,
  DELIVERED,
  /** The schedule, or what a refusing endpoint is worth, is used up. */
  EXHAUSTED,
  /** The endpoint said that it wants nothing more. */
  REFUSED,
  /** Its configuration was deleted. */
  CANCELLED
}
