package dev.feedbackwebhooks.domain.access;

import java.time.Duration;

/** Hears of callers' calls, for metrics. Must be quick and must not throw. */
public interface CallListener {
  /** A call of a method that the API has began. */
  void began(String method);

  /**
   * A call that {@link #began} told of has ended.
   *
   * @param status its name, like {@code NOT_FOUND}
   */
  void ended(String method, String status, Duration took);

  /** A call of a method that the API does not have was refused. */
  void unknown();
}
