package dev.feedbackwebhooks.app.journey;

import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/**
 * How long journeys wait for a fact. It is longer than the slowest machine takes, which may have a
 * third of the usual speed and half of one processor: only what never comes fails by it.
 */
final class Patience {
  static final Duration LIMIT = Duration.ofMinutes(3);

  private Patience() {}

  /** To be waited with for a condition. */
  static ConditionFactory await() {
    return Awaitility.await().atMost(LIMIT);
  }

  /** The result of what is under way. */
  static <T> T result(CompletableFuture<T> future) throws Exception {
    return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  /** Whether the process has ended by itself. */
  static boolean ends(Process process) throws InterruptedException {
    return process.waitFor(LIMIT);
  }

  /**
   * Holds the answer of an endpoint until the latch is open.
   *
   * @param status what is answered then
   */
  static int until(CountDownLatch open, int status) {
    try {
      return open.await(LIMIT.toSeconds(), TimeUnit.SECONDS) ? status : 500;
    } catch (InterruptedException _) {
      return 500;
    }
  }

  /**
   * A retry schedule that does not end before {@link #LIMIT} does, and never waits for long.
   *
   * @param first delays before the others, of a second and more
   */
  static String retries(String... first) {
    int others = 50 - first.length;
    return Stream.of(
            Stream.of(first),
            Collections.nCopies(others - 30, "1s").stream(),
            Collections.nCopies(30, "6s").stream())
        .flatMap(each -> each)
        .collect(Collectors.joining(",", "--retry-schedule=", ""));
  }
}
