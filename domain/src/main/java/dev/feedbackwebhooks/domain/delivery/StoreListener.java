package dev.feedbackwebhooks.domain.delivery;

import java.time.Duration;

/** Hears how the store does. Must be quick and must not throw; threads of the store call it. */
public interface StoreListener {
  /**
   * A commit is durable.
   *
   * @param works pieces of work that shared it
   * @param took from its beginning on
   */
  void committed(int works, Duration took);

  /** A commit failed, and the one before had not: the disk is full, for one. */
  void failing(String why);

  /** A commit came through again. */
  void recovered();

  /**
   * Whether what is committed outlasts a crash of the store's machine, as far as it can be told.
   */
  void durable(boolean lasts);
}
