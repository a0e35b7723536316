package dev.feedbackwebhooks.domain.delivery;

import dev.feedbackwebhooks.domain.config.Scope;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Keeps the health of endpoints that fail; one that accepts has none. */
public interface HealthStore {
  /** All that is kept. Blocks its caller. */
  Map<Scope, EndpointHealth> all();

  /**
   * Keeps a scope's; null forgets it. Never blocks.
   *
   * @return fails with {@link dev.feedbackwebhooks.domain.fault.Fault.Unavailable} if it was not
   *     kept
   */
  CompletionStage<?> keep(Scope scope, @Nullable EndpointHealth health);
}
