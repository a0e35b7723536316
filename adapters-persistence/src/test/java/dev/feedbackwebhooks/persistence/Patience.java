package dev.feedbackwebhooks.persistence;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** How long tests wait for what must come: longer than any machine needs. */
public final class Patience {
  /** Passes only if what is waited for never comes. */
  public static final Duration LONG = Duration.ofMinutes(2);

  private Patience() {}

  /** Waits that long. */
  public static ConditionFactory await() {
    return Awaitility.await().atMost(LONG);
  }
}
