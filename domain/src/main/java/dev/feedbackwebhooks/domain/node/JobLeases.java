package dev.feedbackwebhooks.domain.node;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The jobs that one of the processes on a store does at a time. Does not block its caller. */
public interface JobLeases {
  /** For so long a duty stays with a process from which nothing more is heard. */
  Duration HELD = Duration.ofSeconds(8);

  /**
   * Takes a duty that is free, or that another process has not asked for in {@link #HELD}; keeps
   * one that is this process's.
   *
   * @return whether it is this process's for {@link #HELD} from now; fails if nobody can tell
   */
  CompletionStage<Boolean> take(String duty);

  /** Leaves a duty to others, if it is this process's. */
  CompletionStage<?> leave(String duty);

  /**
   * The time for jobs that one process does for all: a clock of the store's machine, if several
   * share the store.
   *
   * @param here what this process takes for now
   */
  CompletionStage<Instant> now(Instant here);

  /** The leases of a store that has one process: all are its own. */
  static JobLeases alone() {
    return new JobLeases() {
      @Override
      public CompletionStage<Boolean> take(String duty) {
        return CompletableFuture.completedFuture(true);
      }

      @Override
      public CompletionStage<?> leave(String duty) {
        return CompletableFuture.completedFuture(true);
      }

      @Override
      public CompletionStage<Instant> now(Instant here) {
        return CompletableFuture.completedFuture(here);
      }
    };
  }
}
