package dev.feedbackwebhooks.grpc.call;

import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Bounds the bytes of events that are taken in and not answered yet, over all calls. Beyond the
 * first bound streams are read no further; beyond the second, calls are refused.
 */
public final class InboundBudget {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final long pauseAt;
  private final long refuseAt;
  private final AtomicLong taken = new AtomicLong();
  private final ConcurrentLinkedQueue<Runnable> waiting = new ConcurrentLinkedQueue<>();

  public InboundBudget(long pauseAt, long refuseAt) {
    this.pauseAt = pauseAt;
    this.refuseAt = refuseAt;
  }

  /**
   * Does some work that takes so many bytes until it is done, however it ends.
   *
   * @throws Fault.Unavailable if there is no room; the work is not begun then
   */
  public <T> CompletableFuture<T> during(long bytes, Supplier<CompletionStage<T>> work) {
    take(bytes);
    CompletableFuture<T> done;
    try {
      done = work.get().toCompletableFuture();
    } catch (RuntimeException | Error e) {
      done = CompletableFuture.failedFuture(e);
    }
    return done.whenComplete((_, _) -> giveBack(bytes));
  }

  private void take(long bytes) {
    if (taken.addAndGet(bytes) > refuseAt) {
      giveBack(bytes);
      throw new Fault.Unavailable(
          Reason.OVERLOADED, "more events wait to be stored than fit: send slower", RETRY_AFTER);
    }
  }

  private void giveBack(long bytes) {
    if (taken.addAndGet(-bytes) <= pauseAt) {
      resume();
    }
  }

  /** Whether a stream may be read on; if not, {@code resume} is run once it may. */
  public boolean admits(Runnable resume) {
    if (taken.get() <= pauseAt) {
      return true;
    }
    waiting.add(resume);
    if (taken.get() <= pauseAt) {
      // Room was made in between, and nobody may be left to say so.
      resume();
    }
    return false;
  }

  private void resume() {
    for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
      next.run();
    }
  }
}
