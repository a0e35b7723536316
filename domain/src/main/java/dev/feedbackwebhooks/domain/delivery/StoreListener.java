package dev.feedbackwebhooks.domain.delivery;

import java.time.Duration;

/** Hears how the store does. Must be quick and must not throw; the store's own thread calls it. */
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
}
