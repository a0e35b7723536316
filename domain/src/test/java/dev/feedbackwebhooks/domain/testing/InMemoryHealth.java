package dev.feedbackwebhooks.domain.testing;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.health.EndpointHealth;
import dev.feedbackwebhooks.domain.health.HealthStore;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Endpoints' health in memory. */
public final class InMemoryHealth implements HealthStore {
  private final Map<Scope, EndpointHealth> kept = new ConcurrentHashMap<>();
  private @Nullable RuntimeException outage;

  /** Makes every later write fail; null ends the outage. */
  public void fail(@Nullable RuntimeException failure) {
    outage = failure;
  }

  @Override
  public Map<Scope, EndpointHealth> all() {
    return Map.copyOf(kept);
  }

  @Override
  public CompletionStage<Optional<EndpointHealth>> begin(Scope scope, EndpointHealth first) {
    return outage != null
        ? CompletableFuture.failedFuture(outage)
        : CompletableFuture.completedFuture(
            Optional.ofNullable(
                kept.compute(
                    scope,
                    (_, before) ->
                        before != null && before.isJoinedBy(first)
                            ? before.joined(first)
                            : first)));
  }

  @Override
  public CompletionStage<Optional<EndpointHealth>> goOn(Scope scope, EndpointHealth more) {
    if (outage != null) {
      return CompletableFuture.failedFuture(outage);
    }
    EndpointHealth before = kept.get(scope);
    if (before == null || !before.isSame(more)) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    EndpointHealth joined = before.joined(more);
    kept.put(scope, joined);
    return CompletableFuture.completedFuture(Optional.of(joined));
  }

  @Override
  public CompletionStage<?> forget(Scope scope) {
    if (outage != null) {
      return CompletableFuture.failedFuture(outage);
    }
    kept.remove(scope);
    return CompletableFuture.completedFuture(true);
  }
}
