package dev.feedbackwebhooks.bench;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what must come soon. */
final class Await {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long LOOK_MILLIS = 20;

  private Await() {}

  /**
   * @throws BenchException if it does not come within half a minute
   */
  static void until(Callable<Boolean> come, String what) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!come.call()) {
      if (System.nanoTime() > end) {
        throw new BenchException(what + " did not come within " + PATIENCE.toSeconds() + " s");
      }
      Thread.sleep(LOOK_MILLIS);
    }
  }
}
