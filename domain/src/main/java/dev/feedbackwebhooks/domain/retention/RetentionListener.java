package dev.feedbackwebhooks.domain.retention;

import dev.feedbackwebhooks.domain.fault.StoreFailureListener;

/** Hears what retention removed, for metrics. Must be quick and must not throw. */
public interface RetentionListener extends StoreFailureListener {
  /** Deliveries, and bodies of others, were removed because they were kept for long enough. */
  void purged(int deliveries, int bodies);
}
