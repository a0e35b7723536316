package dev.feedbackwebhooks.domain.replay;

import dev.feedbackwebhooks.domain.fault.StoreFailureListener;

/** Hears what replays do, for metrics. Must be quick and must not throw. */
public interface ReplayListener extends StoreFailureListener {
  /** So many replays run in this process now. */
  void replaysRunning(int count);

  /** Deliveries were queued to be sent again, by a replay. */
  void replayed(long deliveries);
}
