package dev.feedbackwebhooks.domain.delivery;

import java.time.Instant;
import java.util.concurrent.CompletionStage;

/** The store as a whole, for the process that runs on it. */
public interface RunningStore extends AutoCloseable {
  /** Finds out whether anything can be written; the {@link StoreListener} hears of it. */
  void probe();

  /** Does what the store needs from time to time. For one thread, every second; it may block. */
  void keepUp(Instant now);

  /**
   * Completes with one line for operators if the store is found damaged: from then on it takes
   * nothing.
   */
  CompletionStage<String> damaged();

  /** Ends it, once all is written that was submitted before. */
  @Override
  void close();
}
