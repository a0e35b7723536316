package dev.feedbackwebhooks.domain.engine;

import dev.feedbackwebhooks.domain.fault.Failures;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Has the store do the same to each of a list. What it refuses for what one of them says is done by
 * halves, until that one is alone: the others need not suffer from it.
 */
final class Halves<T> {
  /** Some that are refused take no more; a store that refuses all is not asked for each. */
  private static final int MOST_FAILURES = 100;

  private final Function<List<T>, CompletionStage<@Nullable Void>> call;
  private final Consumer<Throwable> failed;
  private final AtomicInteger failures = new AtomicInteger();

  /**
   * @param call what is done to a list
   * @param failed hears of each failure that is not divided any more
   */
  Halves(Function<List<T>, CompletionStage<@Nullable Void>> call, Consumer<Throwable> failed) {
    this.call = call;
    this.failed = failed;
  }

  /** Ends when all of it is done or failed, and never fails itself. */
  CompletionStage<@Nullable Void> each(List<T> list) {
    return call.apply(list).exceptionallyCompose(failure -> divided(list, failure));
  }

  private CompletionStage<@Nullable Void> divided(List<T> list, Throwable failure) {
    if (Failures.isUnavailable(failure)
        || list.size() < 2
        || failures.incrementAndGet() > MOST_FAILURES) {
      failed.accept(failure);
      return CompletableFuture.completedFuture(null);
    }
    int middle = list.size() / 2;
    return each(list.subList(0, middle))
        .thenCombine(each(list.subList(middle, list.size())), (_, _) -> null);
  }
}
