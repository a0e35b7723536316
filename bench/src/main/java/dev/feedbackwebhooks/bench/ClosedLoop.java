package dev.feedbackwebhooks.bench;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Keeps 64 requests in flight: each answer begins the next one, on the thread that brought it. */
final class ClosedLoop {
  static final int IN_FLIGHT = 64;

  private final IntFunction<? extends CompletionStage<Boolean>> post;
  private final LongAdder accepted = new LongAdder();
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicReference<@Nullable String> failure = new AtomicReference<>();

  private ClosedLoop(IntFunction<? extends CompletionStage<Boolean>> post) {
    this.post = post;
  }

  /**
   * Accepted requests a second, after a second that does not count.
   *
   * @param post begins the request of this number, and completes with whether it was accepted
   * @throws BenchException if a request was not accepted: what fails at once would look fast
   */
  static double rate(int seconds, IntFunction<? extends CompletionStage<Boolean>> post)
      throws InterruptedException {
    return new ClosedLoop(post).measure(seconds);
  }

  private double measure(int seconds) throws InterruptedException {
    for (int i = 0; i < IN_FLIGHT; i++) {
      send(i);
    }
    Thread.sleep(Duration.ofSeconds(1));
    long before = accepted.sum();
    long start = System.nanoTime();
    Thread.sleep(Duration.ofSeconds(seconds));
    double rate = (accepted.sum() - before) * 1e9 / (System.nanoTime() - start);
    over.set(true);
    String failed = failure.get();
    if (failed != null) {
      throw new BenchException("a request of the client alone failed: " + failed);
    }
    return rate;
  }

  private void send(int number) {
    var _ =
        post.apply(number)
            .whenComplete((isAccepted, error) -> {
              if (over.get()) {
                return;
              }
              if (error == null && isAccepted) {
                accepted.increment();
                send(number + IN_FLIGHT);
              } else {
                failure.compareAndSet(null, error == null ? "not accepted" : error.toString());
              }
            });
  }
}
