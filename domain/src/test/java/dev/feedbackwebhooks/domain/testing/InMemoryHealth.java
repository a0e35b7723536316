package dev.feedbackwebhooks.domain.testing;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.EndpointHealth;
import dev.feedbackwebhooks.domain.delivery.HealthStore;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Endpoints' health in memory. */
public final class InMemoryHealth implements HealthStore {
  private final Map<Scope, EndpointHealth> kept = new ConcurrentHashMap<>();

  @Override
  public Map<Scope, EndpointHealth> all() {
    return Map.copyOf(kept);
  }

  @Override
  public CompletionStage<?> keep(Scope scope, @Nullable EndpointHealth health) {
    if (health == null) {
      kept.remove(scope);
    } else {
      kept.put(scope, health);
    }
    return CompletableFuture.completedFuture(true);
  }
}
