package dev.feedbackwebhooks.faults;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what must happen, as long as it comes nearer. */
final class Await {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long LOOK_MILLIS = 10;

  private Await() {}

  /**
   * Waits until {@code left} says that nothing is left.
   *
   * @throws RigException if that number does not fall for two minutes
   */
  static void progress(String what, Callable<Integer> left) throws Exception {
    int least = Integer.MAX_VALUE;
    long end = 0;
    for (int now = left.call(); now > 0; now = left.call()) {
      if (now < least) {
        least = now;
        end = System.nanoTime() + PATIENCE.toNanos();
      } else if (System.nanoTime() > end) {
        throw new RigException(
            "waited for " + what + ": " + now + " are left, no fewer than two minutes ago");
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }

  /** Waits until {@code come}. */
  static void until(String what, Callable<Boolean> come) throws Exception {
    progress(what, () -> come.call() ? 0 : 1);
  }
}
