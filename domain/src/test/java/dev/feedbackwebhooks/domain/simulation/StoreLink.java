package dev.feedbackwebhooks.domain.simulation;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.Enqueued;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.delivery.Settlement;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One process's way to the store: calls reach it in their order, some time later, and so do the
 * answers come back. What is on its way when the process dies may still arrive.
 */
final class StoreLink implements DeliveryQueue {
  private final DeliveryQueue store;
  private final Ledger ledger;
  private final SimulatedProcess process;
  private final Timeline timeline;
  private final Weather weather;
  private final ArrayDeque<Runnable> calls = new ArrayDeque<>();
  private final ArrayDeque<Runnable> answers = new ArrayDeque<>();
  private int settleCalls;
  private long lastCall;
  private long lastAnswer;

  StoreLink(
      DeliveryQueue store,
      Ledger ledger,
      SimulatedProcess process,
      Timeline timeline,
      Weather weather) {
    this.store = store;
    this.ledger = ledger;
    this.process = process;
    this.timeline = timeline;
    this.weather = weather;
  }

  /** Of what is on its way, some still arrives. */
  void cut() {
    for (int lost = timeline.between(0, calls.size()); lost > 0; lost--) {
      calls.removeLast();
    }
  }

  @Override
  public CompletionStage<List<Enqueued>> enqueue(List<Entry> entries) {
    return call(() -> store.enqueue(entries), answer -> ledger.enqueued(entries, answer));
  }

  @Override
  public CompletionStage<List<Optional<DeliveryId>>> known(List<EventName> events) {
    return call(() -> store.known(events), _ -> {});
  }

  @Override
  public CompletionStage<Claimed> claimDue(Scope scope, Room room, Instant dueBy, Lease lease) {
    ledger.asked(scope, dueBy);
    return call(
        () -> store.claimDue(scope, room, dueBy, lease),
        answer -> ledger.claimed(answer.claims(), dueBy, lease));
  }

  int settleCalls() {
    return settleCalls;
  }

  @Override
  public CompletionStage<List<Boolean>> settle(List<Settlement> settlements) {
    settleCalls++;
    return call(() -> store.settle(settlements), answer -> ledger.settled(settlements, answer));
  }

  @Override
  public CompletionStage<@Nullable Void> release(List<Claim> claims, Instant due) {
    return call(() -> store.release(claims, due), _ -> ledger.released(claims, due));
  }

  @Override
  public CompletionStage<@Nullable Void> extend(List<Claim> claims, Instant until) {
    return call(() -> store.extend(claims, until), _ -> ledger.extended(claims, until));
  }

  @Override
  public CompletionStage<List<LaneDue>> lanes(Instant now) {
    return call(() -> store.lanes(now), _ -> ledger.lapsed(now));
  }

  private <T extends @Nullable Object> CompletionStage<T> call(
      Supplier<CompletionStage<T>> work, Consumer<T> written) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    calls.add(() -> reached(work, written, answer));
    lastCall = Math.max(lastCall, timeline.elapsed() + weather.storeDelay());
    timeline.at(lastCall, () -> runNext(calls));
    // As of a store whose stage depends on others: what it fails with comes wrapped.
    return answer.thenApply(same -> same);
  }

  private <T extends @Nullable Object> void reached(
      Supplier<CompletionStage<T>> work, Consumer<T> written, CompletableFuture<T> answer) {
    CompletableFuture<T> done = work.get().toCompletableFuture();
    if (!done.isCompletedExceptionally()) {
      written.accept(done.join());
    }
    answers.add(() -> process.happen(() -> complete(done, answer)));
    lastAnswer = Math.max(lastAnswer, timeline.elapsed() + weather.storeDelay());
    timeline.at(lastAnswer, () -> runNext(answers));
  }

  private static <T extends @Nullable Object> void complete(
      CompletableFuture<T> done, CompletableFuture<T> answer) {
    if (done.isCompletedExceptionally()) {
      answer.completeExceptionally(done.exceptionNow());
    } else {
      answer.complete(done.join());
    }
  }

  private static void runNext(ArrayDeque<Runnable> waiting) {
    Runnable next = waiting.poll();
    if (next != null) {
      next.run();
    }
  }
}
