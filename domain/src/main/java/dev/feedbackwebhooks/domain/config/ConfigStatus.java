package dev.feedbackwebhooks.domain.config;

import java.time.Instant;

/** Whether a configuration's deliveries go out, and if not, by whose will. */
public sealed interface ConfigStatus {
  /** Deliveries go out. */
  record Active() implements ConfigStatus {}

  /** Its owner switched it off: deliveries are held. */
  record Disabled() implements ConfigStatus {}

  /**
   * The endpoint asked for no more (410 Gone): deliveries are held until the owner enables it
   * again.
   *
   * @param at when the endpoint answered so
   */
  record DisabledByEndpoint(Instant at) implements ConfigStatus {}

  /**
   * The endpoint accepted nothing for days: deliveries are held until the owner enables it again.
   *
   * @param at when the service gave up on it
   */
  record DisabledByFailure(Instant at) implements ConfigStatus {}

  default boolean active() {
    return this instanceof Active;
  }
}
