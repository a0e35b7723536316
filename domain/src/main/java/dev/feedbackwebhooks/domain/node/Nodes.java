package dev.feedbackwebhooks.domain.node;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Which processes share a store, as each of them says of itself. */
public interface Nodes {
  /** The interval at which each node says that it lives. */
  Duration BEAT = Duration.ofSeconds(1);

  /** The silence after which a node counts as lost, until it says something again. */
  Duration LOST_AFTER = Duration.ofSeconds(5);

  /**
   * Says that this one lives. Does not block its caller.
   *
   * @return how many live, this one among them; fails with {@link
   *     dev.feedbackwebhooks.domain.fault.Fault.Unavailable} if it could not say so
   */
  CompletionStage<Integer> beat(Instant now);

  /** The nodes of a store that has one process. */
  static Nodes alone() {
    return _ -> CompletableFuture.completedFuture(1);
  }
}
