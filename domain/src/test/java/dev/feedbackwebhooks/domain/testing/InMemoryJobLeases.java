package dev.feedbackwebhooks.domain.testing;

import dev.feedbackwebhooks.domain.node.JobLeases;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** JobLeases in memory, which several processes share as it were. */
public final class InMemoryJobLeases {
  private final InstantSource clock;
  private final Map<String, Held> held = new HashMap<>();
  private @Nullable RuntimeException outage;

  private record Held(JobLeases holder, Instant until) {}

  /**
   * @param clock the store's
   */
  public InMemoryJobLeases(InstantSource clock) {
    this.clock = clock;
  }

  /** Makes every later question fail; null ends the outage. */
  public synchronized void fail(@Nullable RuntimeException failure) {
    outage = failure;
  }

  /** The duties as one more process sees them. */
  public JobLeases process() {
    return new JobLeases() {
      @Override
      public CompletionStage<Boolean> take(String duty) {
        return InMemoryJobLeases.this.take(duty, this);
      }

      @Override
      public CompletionStage<?> leave(String duty) {
        return InMemoryJobLeases.this.leave(duty, this);
      }

      @Override
      public CompletionStage<Instant> now(Instant here) {
        return CompletableFuture.completedFuture(clock.instant());
      }
    };
  }

  private synchronized CompletionStage<Boolean> take(String duty, JobLeases process) {
    if (outage != null) {
      return CompletableFuture.failedFuture(outage);
    }
    Instant now = clock.instant();
    Held holder = held.get(duty);
    if (holder != null && !holder.holder().equals(process) && now.isBefore(holder.until())) {
      return CompletableFuture.completedFuture(false);
    }
    held.put(duty, new Held(process, now.plus(JobLeases.HELD)));
    return CompletableFuture.completedFuture(true);
  }

  private synchronized CompletionStage<?> leave(String duty, JobLeases process) {
    Held holder = held.get(duty);
    if (holder != null && holder.holder().equals(process)) {
      held.remove(duty);
    }
    return CompletableFuture.completedFuture(true);
  }
}
