package dev.feedbackwebhooks.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The answers of one stream, in the order of its requests, each once it is known. Reads no further
 * request while too much is unanswered, whether it is the store or the caller that is slow.
 *
 * @param <T> one answer
 * @param <R> the message that carries some
 */
final class ResultStream<T, R> {
  private static final int MOST_EVENTS = 4_096;
  private static final long MOST_BYTES = 8L << 20;
  private static final int MOST_IN_MESSAGE = 1_000;

  private record Pending<T>(CompletableFuture<List<T>> answers, int events, long bytes) {}

  private final ServerCallStreamObserver<R> caller;
  private final Function<List<T>, R> message;
  private final InboundBudget budget;
  private final Executor executor;
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final ArrayDeque<Pending<T>> pending = new ArrayDeque<>();
  private int events;
  private long bytes;
  private boolean reading;
  private boolean ended;
  private boolean closed;
  private @Nullable Throwable failure;

  ResultStream(
      ServerCallStreamObserver<R> caller,
      Function<List<T>, R> message,
      InboundBudget budget,
      Executor executor) {
    this.caller = caller;
    this.message = message;
    this.budget = budget;
    this.executor = executor;
  }

  /** To be called before the method that serves the call returns. */
  void start() {
    caller.disableAutoRequest();
    caller.setOnReadyHandler(this::pump);
    caller.setOnCancelHandler(this::abandon);
    schedule();
  }

  /** A request came: {@code take} begins to answer it. */
  void add(int count, long size, Supplier<CompletionStage<List<T>>> take) {
    CompletableFuture<List<T>> answers = take(size, take);
    synchronized (this) {
      reading = false;
      events += count;
      bytes += size;
      pending.add(new Pending<>(answers, count, size));
    }
    var _ = answers.whenComplete((_, _) -> schedule());
  }

  private CompletableFuture<List<T>> take(long size, Supplier<CompletionStage<List<T>>> take) {
    try {
      budget.take(size);
    } catch (RuntimeException refusal) {
      return CompletableFuture.failedFuture(refusal);
    }
    CompletableFuture<List<T>> answers;
    try {
      answers = take.get().toCompletableFuture();
    } catch (RuntimeException refusal) {
      answers = CompletableFuture.failedFuture(refusal);
    }
    return answers.whenComplete((_, _) -> budget.giveBack(size));
  }

  /** The caller has no more requests. */
  synchronized void end() {
    ended = true;
    schedule();
  }

  /** Ends the stream with a status, after the answers that are known. */
  synchronized void fail(Throwable refusal) {
    failure = refusal;
    schedule();
  }

  /** The caller is gone: what it sent is taken in all the same. */
  synchronized void abandon() {
    closed = true;
    pending.clear();
  }

  /** Answers come on the store's thread, which must not be held up. */
  private void schedule() {
    if (scheduled.compareAndSet(false, true)) {
      executor.execute(() -> {
        scheduled.set(false);
        pump();
      });
    }
  }

  private synchronized void pump() {
    while (!closed && failure == null && caller.isReady() && answersWait()) {
      caller.onNext(message.apply(nextAnswers()));
    }
    if (closed) {
      return;
    }
    if (failure != null) {
      closed = true;
      caller.onError(GrpcFaults.asStatus(failure));
    } else if (ended && pending.isEmpty()) {
      closed = true;
      caller.onCompleted();
    } else {
      readOn();
    }
  }

  private boolean answersWait() {
    while (!pending.isEmpty() && pending.peek().answers().isDone()) {
      Pending<T> first = pending.peek();
      if (first.answers().isCompletedExceptionally()) {
        failure = first.answers().exceptionNow();
        return false;
      }
      if (first.events() > 0) {
        return true;
      }
      pending.remove();
    }
    return false;
  }

  private List<T> nextAnswers() {
    List<T> answers = new ArrayList<>();
    while (answers.size() < MOST_IN_MESSAGE
        && !pending.isEmpty()
        && pending.peek().answers().state() == CompletableFuture.State.SUCCESS) {
      Pending<T> first = pending.remove();
      answers.addAll(first.answers().resultNow());
      events -= first.events();
      bytes -= first.bytes();
    }
    return answers;
  }

  private void readOn() {
    if (!reading
        && !ended
        && events < MOST_EVENTS
        && bytes < MOST_BYTES
        && budget.admits(this::schedule)) {
      reading = true;
      caller.request(1);
    }
  }
}
