package dev.feedbackwebhooks.grpc.service;

import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.grpc.call.InboundBudget;
import dev.feedbackwebhooks.grpc.codec.GrpcStatuses;
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
import java.util.function.ToIntFunction;
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
  private static final long MOST_BYTES = 16L << 20;
  private static final int MOST_IN_MESSAGE = 1_000;
  private static final int MOST_MESSAGE_BYTES = 1 << 20;

  private record Pending<T>(CompletableFuture<Supplier<List<T>>> answers, int events, long cost) {}

  private final ServerCallStreamObserver<R> caller;
  private final Function<List<T>, R> message;
  private final ToIntFunction<T> size;
  private final InboundBudget budget;
  private final Executor executor;
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final ArrayDeque<Pending<T>> pending = new ArrayDeque<>();

  /** Known answers, whose requests are not pending any more. */
  private final ArrayDeque<T> ready = new ArrayDeque<>();

  private int events;
  private long bytes;
  private boolean reading;
  private boolean ended;
  private boolean closed;
  private @Nullable Throwable failure;
  private @Nullable Throwable stop;

  ResultStream(
      ServerCallStreamObserver<R> caller,
      Function<List<T>, R> message,
      ToIntFunction<T> size,
      InboundBudget budget,
      Executor executor) {
    this.caller = caller;
    this.message = message;
    this.size = size;
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

  /**
   * A request came: {@code take} begins to answer it, and what it ends with is asked for the
   * answers when they are to be written.
   */
  void add(int count, long cost, Supplier<CompletionStage<Supplier<List<T>>>> take) {
    CompletableFuture<Supplier<List<T>>> answers = new CompletableFuture<>();
    synchronized (this) {
      if (stop != null) {
        return; // was on its way: without an answer its caller sends it again
      }
      // Before it is taken, which may last: a stream that is stopped meanwhile owes this answer.
      // A request without events takes room as well.
      pending.add(new Pending<>(answers, Math.max(1, count), cost));
      events += Math.max(1, count);
      bytes += cost;
    }
    CompletableFuture<Supplier<List<T>>> taken = take(cost, take);
    synchronized (this) {
      reading = false;
      if (!closed && failure == null) {
        // Not once it is answered: the next ones are to share its commit.
        readOn();
      }
    }
    var _ =
        taken.whenComplete((known, refusal) -> {
          var _ =
              refusal == null ? answers.complete(known) : answers.completeExceptionally(refusal);
          schedule();
        });
  }

  private CompletableFuture<Supplier<List<T>>> take(
      long cost, Supplier<CompletionStage<Supplier<List<T>>>> take) {
    try {
      return budget.during(cost, take);
    } catch (Fault.Unavailable refusal) {
      return CompletableFuture.failedFuture(refusal);
    }
  }

  /** The caller has no more requests. */
  synchronized void end() {
    ended = true;
    schedule();
  }

  /** Reads no more, and ends the stream with a status once all that was taken in is answered. */
  synchronized void stop(Throwable refusal) {
    stop = refusal;
    schedule();
  }

  /** Ends the stream with a status, after the answers that are known before it. */
  synchronized void fail(Throwable refusal) {
    failure = refusal;
    schedule();
  }

  /** The caller is gone: what it sent is taken in all the same. */
  synchronized void abandon() {
    closed = true;
    pending.clear();
    ready.clear();
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
    collect();
    while (!closed && !ready.isEmpty() && caller.isReady()) {
      caller.onNext(message.apply(nextAnswers()));
    }
    if (closed) {
      return;
    }
    if (failure != null && ready.isEmpty()) {
      closed = true;
      caller.onError(GrpcStatuses.asStatus(failure));
    } else if (failure == null && ended && pending.isEmpty() && ready.isEmpty()) {
      closed = true;
      caller.onCompleted();
    } else if (failure == null && stop != null && pending.isEmpty() && ready.isEmpty()) {
      closed = true;
      caller.onError(GrpcStatuses.asStatus(stop));
    } else if (failure == null) {
      readOn();
    }
  }

  /** Takes over the answers that are known, up to the first that is not. */
  private void collect() {
    while (failure == null && !pending.isEmpty() && pending.peek().answers().isDone()) {
      Pending<T> first = pending.remove();
      if (first.answers().isCompletedExceptionally()) {
        failure = first.answers().exceptionNow();
      } else {
        render(first);
      }
    }
  }

  private void render(Pending<T> known) {
    try {
      List<T> answers = known.answers().resultNow().get();
      ready.addAll(answers);
      // What has no answer to wait for is done with; what has is once they are sent.
      events -= known.events() - answers.size();
      bytes -= known.cost();
    } catch (RuntimeException bug) {
      failure = bug;
    }
  }

  private List<T> nextAnswers() {
    List<T> answers = new ArrayList<>();
    int messageBytes = 0;
    while (answers.size() < MOST_IN_MESSAGE
        && messageBytes < MOST_MESSAGE_BYTES
        && !ready.isEmpty()) {
      T next = ready.remove();
      messageBytes += size.applyAsInt(next);
      answers.add(next);
    }
    events -= answers.size();
    return answers;
  }

  private void readOn() {
    if (!reading
        && !ended
        && stop == null
        && events < MOST_EVENTS
        && bytes < MOST_BYTES
        && budget.admits(this::schedule)) {
      reading = true;
      caller.request(1);
    }
  }
}
