package dev.feedbackwebhooks.sender.signing;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.sender.judge.ExchangeException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes signatures by key pairs, few at a time and each within a deadline, so that no key holds up
 * what signs with others. A signature cannot be interrupted: one that takes too long is abandoned
 * with its thread, another thread takes its place, and its key makes no more until it has ended.
 * Keys take turns, and what has waited for two deadlines is not made any more.
 */
public final class SigningPool {
  private static final int WIDTH = 2;

  /** Many times what the longest key takes on a slow machine, and less than an attempt may take. */
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private static final int MOST_QUEUED = 10_000;

  private final Executor threads;
  private final int width;
  private final Duration deadline;
  private final SequencedMap<Object, Queue<Task<?>>> queued = new LinkedHashMap<>();
  private final Set<Task<?>> abandoned = new HashSet<>();
  private int waiting;
  private int running;

  /** A signature that is to be made; guarded by the pool. */
  private static final class Task<T> {
    /** The owner of the signature. */
    private final Object key;

    private final Supplier<T> work;
    private final long submittedAt = System.nanoTime();
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private boolean hasEnded;

    Task(Object key, Supplier<T> work) {
      this.key = key;
      this.work = work;
    }

    CompletableFuture<T> inTime() {
      return result.exceptionallyCompose(failure ->
          CompletableFuture.failedFuture(
              failure instanceof TimeoutException ? tooSlow() : failure));
    }
  }

  /**
   * @param threads runs each task on a thread that nothing else waits for
   */
  SigningPool(Executor threads, int width, Duration deadline) {
    this.threads = threads;
    this.width = width;
    this.deadline = deadline;
  }

  /** The pool of what is sent. */
  public static SigningPool of(Executor threads) {
    return new SigningPool(threads, WIDTH, DEADLINE);
  }

  /** The pool of keys that are tried before they are saved. */
  public static SigningPool ofTrials(Executor threads) {
    return new SigningPool(threads, 1, DEADLINE);
  }

  /**
   * The result of {@code work}; fails as it does. Fails with an {@link ExchangeException}:
   * SIGNING_FAILED after the deadline, or if the key is still busy with what was abandoned;
   * INTERNAL if it was not begun in time, which is no fault of the key.
   */
  public <T> CompletableFuture<T> submit(Object key, Supplier<T> work) {
    Task<T> task = new Task<>(key, work);
    synchronized (this) {
      if (isAbandoned(key)) {
        return CompletableFuture.failedFuture(tooSlow());
      }
      if (waiting >= MOST_QUEUED) {
        return CompletableFuture.failedFuture(notBegun());
      }
      if (running == width) {
        queued.computeIfAbsent(key, _ -> new ArrayDeque<>()).add(task);
        waiting++;
        return task.inTime();
      }
      running++;
    }
    start(task);
    return task.inTime();
  }

  private boolean isAbandoned(Object key) {
    return abandoned.stream().anyMatch(task -> task.key.equals(key));
  }

  private <T> void start(Task<T> task) {
    try {
      threads.execute(() -> run(task));
    } catch (RejectedExecutionException e) {
      // The process ends.
      synchronized (this) {
        queued.clear();
        waiting = 0;
      }
      task.result.completeExceptionally(e);
    }
    var _ =
        task.result
            .orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete((_, failure) -> ended(task, failure instanceof TimeoutException));
  }

  private <T> void run(Task<T> task) {
    try {
      task.result.complete(task.work.get());
    } catch (RuntimeException | Error e) {
      task.result.completeExceptionally(e);
    } finally {
      synchronized (this) {
        task.hasEnded = true;
        abandoned.remove(task);
      }
    }
  }

  private void ended(Task<?> task, boolean late) {
    Map<Task<?>, ExchangeException> refused = new LinkedHashMap<>();
    Task<?> next;
    synchronized (this) {
      if (late && !task.hasEnded) {
        abandoned.add(task);
      }
      next = poll();
      while (next != null && (isAbandoned(next.key) || isOld(next))) {
        refused.put(next, isAbandoned(next.key) ? tooSlow() : notBegun());
        next = poll();
      }
      if (next == null) {
        running--;
      }
    }
    refused.forEach((other, why) -> other.result.completeExceptionally(why));
    if (next != null) {
      start(next);
    }
  }

  /** The next task of the key whose turn it is. */
  private @Nullable Task<?> poll() {
    Map.Entry<Object, Queue<Task<?>>> turn = queued.pollFirstEntry();
    if (turn == null) {
      return null;
    }
    Task<?> next = turn.getValue().remove();
    waiting--;
    if (!turn.getValue().isEmpty()) {
      queued.putLast(turn.getKey(), turn.getValue());
    }
    return next;
  }

  private boolean isOld(Task<?> task) {
    // One of them is what a key that does not end may take of everybody's time.
    return System.nanoTime() - task.submittedAt > 2 * deadline.toNanos();
  }

  private static ExchangeException notBegun() {
    return new ExchangeException(
        AttemptFailure.INTERNAL, "too many signatures are waited for, by other keys as well", null);
  }

  private static ExchangeException tooSlow() {
    return new ExchangeException(
        AttemptFailure.SIGNING_FAILED, "the configured key did not sign in time", null);
  }
}
