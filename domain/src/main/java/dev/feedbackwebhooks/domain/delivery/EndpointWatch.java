package dev.feedbackwebhooks.domain.delivery;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Watches which endpoints only fail, and tells when one is to be given up. An endpoint that accepts
 * costs a look into a map. What is kept on disk may be a minute old: a restart forgets no more.
 */
public final class EndpointWatch {
  private static final Duration BETWEEN_WRITES = Duration.ofMinutes(1);

  private final HealthStore store;
  private final HealthRules rules;
  private final DeliveryListener listener;
  private final ConcurrentHashMap<Scope, Kept> failing = new ConcurrentHashMap<>();

  private record Kept(EndpointHealth health, Instant writtenAt) {}

  public EndpointWatch(HealthStore store, HealthRules rules, DeliveryListener listener) {
    this.store = store;
    this.rules = rules;
    this.listener = listener;
  }

  /** Takes up what was kept. Blocks its caller; to be called once, before the rest. */
  public void start() {
    store.all().forEach((scope, health) -> failing.put(scope, new Kept(health, health.last())));
    tellCount();
  }

  /** Empty for an endpoint that accepts, or was never tried. */
  public Optional<EndpointHealth> of(WebhookConfig config) {
    return Optional.ofNullable(failing.get(config.scope()))
        .map(Kept::health)
        .filter(health -> health.endpoint() == EndpointHealth.keyOf(config));
  }

  public HealthRules rules() {
    return rules;
  }

  /**
   * Hears of an attempt. Answers whether its endpoint is to be given up. By the engine's thread.
   */
  boolean attempted(WebhookConfig config, AttemptResult result, Instant now) {
    if (result instanceof AttemptResult.Accepted) {
      recovered(config.scope());
      return false;
    }
    return isEndpoints(result) && failed(config, now);
  }

  /** What the service itself is at fault for says nothing of the endpoint. */
  private static boolean isEndpoints(AttemptResult result) {
    return !(result instanceof AttemptResult.Retryable retryable)
        || switch (retryable.failure()) {
          case INTERNAL, PROXY_FAILED, PROXY_TIMEOUT -> false;
          case HTTP_STATUS,
              REDIRECT,
              TIMEOUT,
              CONNECT_TIMEOUT,
              CONNECT_REFUSED,
              CONNECT_FAILED,
              DNS,
              EGRESS_FORBIDDEN,
              TLS_NAME,
              TLS_EXPIRED,
              TLS_UNTRUSTED,
              TLS_PROTOCOL,
              TLS_FAILED,
              CONNECTION_RESET,
              CONNECTION_CLOSED,
              MALFORMED_RESPONSE,
              HTTP2_ERROR,
              SIGNING_FAILED ->
              true;
        };
  }

  private boolean failed(WebhookConfig config, Instant now) {
    Scope scope = config.scope();
    Kept before = failing.get(scope);
    EndpointHealth health =
        before != null && before.health().isOf(config, now)
            ? before.health().failedAgain(now, rules)
            : EndpointHealth.failedFirst(EndpointHealth.keyOf(config), now);
    boolean worse =
        rules.isDegraded(health) && (before == null || !rules.isDegraded(before.health()));
    boolean write = before == null || worse || isOld(before, now);
    failing.put(scope, new Kept(health, write || before == null ? now : before.writtenAt()));
    if (write) {
      keep(scope, health);
    }
    if (worse) {
      listener.degraded(scope, health, rules.givesUpAt(health));
      tellCount();
    }
    return rules.givesUp(health, now);
  }

  private static boolean isOld(Kept kept, Instant now) {
    return !now.isBefore(kept.writtenAt().plus(BETWEEN_WRITES)) || now.isBefore(kept.writtenAt());
  }

  /** It accepted, or begins anew. */
  private void recovered(Scope scope) {
    Kept before = failing.remove(scope);
    if (before != null) {
      keep(scope, null);
      if (rules.isDegraded(before.health())) {
        listener.recovered(scope);
        tellCount();
      }
    }
  }

  /** A configuration was disabled or deleted: if it is ever enabled, its endpoint begins anew. */
  void stopped(Scope scope) {
    if (failing.remove(scope) != null) {
      keep(scope, null);
      tellCount();
    }
  }

  private void tellCount() {
    listener.degradedEndpoints(
        (int) failing.values().stream().filter(kept -> rules.isDegraded(kept.health())).count());
  }

  private void keep(Scope scope, @Nullable EndpointHealth health) {
    var _ =
        store
            .keep(scope, health)
            .whenComplete((_, failure) -> {
              if (failure != null) {
                listener.queueFailed("health", failure);
              }
            });
  }
}
