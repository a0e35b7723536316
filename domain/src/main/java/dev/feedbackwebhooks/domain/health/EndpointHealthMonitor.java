package dev.feedbackwebhooks.domain.health;

import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.node.Recurrence;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Watches which endpoints only fail, and tells when one is to be given up. An endpoint that accepts
 * costs a look into a map. What is kept on disk may be a minute old: a restart forgets no more.
 *
 * <p>Processes on one store watch together: each adds what it saw fail, and learns every minute
 * what others saw. Whoever sees an endpoint accept that is known to fail forgets it for all; so one
 * is given up by what all of them saw, and only after the store was asked whether that still holds.
 * In the first minute of an outage others may not know of it yet, and it is not ended by what they
 * see accepted: its start is exact to that.
 */
public final class EndpointHealthMonitor {
  private static final Duration LOOK = Duration.ofMinutes(1);

  private final HealthStore store;
  private final HealthRules rules;
  private final EndpointHealthListener listener;

  /** Changed with this object's lock, read without. */
  private final Map<Scope, MonitoredEndpoint> failing = new ConcurrentHashMap<>();

  /** The scopes that the store was told to forget, and may not have forgotten. */
  private final Set<Scope> forgetting = ConcurrentHashMap.newKeySet();

  private final Recurrence looks = new Recurrence(LOOK, Instant.EPOCH);

  public EndpointHealthMonitor(
      HealthStore store, HealthRules rules, EndpointHealthListener listener) {
    this.store = store;
    this.rules = rules;
    this.listener = listener;
  }

  /** Takes up what was kept. Blocks its caller; to be called once, before the rest. */
  public void start() {
    store.all().forEach((scope, health) -> failing.put(scope, MonitoredEndpoint.found(health)));
    tellCount();
  }

  /** Learns what other processes saw, if it is time. Blocks its caller; for one thread. */
  public void look(Instant now) {
    if (looks.isDue(now)) {
      Set.copyOf(forgetting).forEach(this::forget);
      Map<Scope, MonitoredEndpoint> known = Map.copyOf(failing);
      seen(store.all(), known);
      tellCount();
    }
  }

  /**
   * @param known before the store was asked: what changed since then is newer
   */
  private synchronized void seen(
      Map<Scope, EndpointHealth> kept, Map<Scope, MonitoredEndpoint> known) {
    known.forEach((scope, before) -> {
      MonitoredEndpoint current = failing.get(scope);
      if (current != null && before.stored() && current.health().isSame(before.health())) {
        stands(scope, current, kept.get(scope));
      }
    });
    kept.forEach((scope, health) -> {
      if (!known.containsKey(scope) && !forgetting.contains(scope)) {
        failing.putIfAbsent(scope, MonitoredEndpoint.found(health));
      }
    });
  }

  private void stands(Scope scope, MonitoredEndpoint current, @Nullable EndpointHealth kept) {
    if (kept == null) {
      // Somebody saw it accept.
      failing.remove(scope);
    } else if (kept.isSame(current.health())) {
      failing.put(scope, current.standing(kept));
    } else {
      failing.put(scope, MonitoredEndpoint.found(kept));
    }
  }

  /** Empty for an endpoint that accepts, or was never tried. */
  public Optional<EndpointHealth> of(WebhookConfig config) {
    return Optional.ofNullable(failing.get(config.scope()))
        .map(MonitoredEndpoint::health)
        .filter(health -> health.endpoint() == EndpointHealth.keyOf(config));
  }

  /** Tells the store all that it does not know yet: to be called before the process ends. */
  public synchronized CompletionStage<Void> flush(Instant now) {
    return CompletableFuture.allOf(
        failing.entrySet().stream()
            .filter(each -> each.getValue().untold() > 0)
            .map(each -> tell(each.getKey(), each.getValue(), now).toCompletableFuture())
            .toArray(CompletableFuture[]::new));
  }

  public HealthRules rules() {
    return rules;
  }

  /**
   * Hears of an attempt. By the engine's thread.
   *
   * @param givesUp is called, maybe later and by another thread, if its endpoint is to be given up
   */
  public void attempted(WebhookConfig config, AttemptResult result, Instant now, Runnable givesUp) {
    if (result instanceof AttemptResult.Accepted) {
      if (failing.containsKey(config.scope())) {
        recovered(config.scope());
      }
    } else if (isEndpoints(result)) {
      failed(config, detail(result), now, givesUp);
    }
  }

  private static String detail(AttemptResult result) {
    return switch (result) {
      case AttemptResult.Accepted _ -> "";
      case AttemptResult.Retryable retryable -> retryable.detail();
      case AttemptResult.Refused refused -> refused.detail();
    };
  }

  /** Whether a failure is the endpoint's, and not the service's own. */
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
              TLS_WEAK_CERTIFICATE,
              TLS_CLIENT_CERTIFICATE,
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

  private synchronized void failed(
      WebhookConfig config, String detail, Instant now, Runnable givesUp) {
    Scope scope = config.scope();
    MonitoredEndpoint before = failing.get(scope);
    MonitoredEndpoint next =
        before != null && before.health().isOf(config, now)
            ? before.failedAgain(now, detail, rules)
            : MonitoredEndpoint.failedFirst(EndpointHealth.keyOf(config), now, detail);
    EndpointHealth health = next.health();
    boolean warned = before != null && rules.isDegraded(before.health());
    if (rules.isFailing(health) && !(before != null && rules.isFailing(before.health()))) {
      listener.failing(scope, health, detail);
    }
    boolean worse = rules.isDegraded(health) && !warned;
    boolean ends = rules.givesUp(health, now);
    failing.put(scope, next);
    boolean begins = before == null || !before.health().isSame(health);
    if (begins || worse || ends || next.isOld(now)) {
      var _ =
          tell(scope, next, now)
              .thenAccept(standing ->
                  standing.ifPresent(kept -> {
                    if (!warned && rules.isDegraded(kept)) {
                      listener.degraded(scope, kept, rules.givesUpAt(kept));
                    }
                    if (ends && rules.givesUp(kept, now)) {
                      givesUp.run();
                    }
                  }));
    }
  }

  /** Tells the store what it does not know, and learns what other processes told it. */
  private CompletionStage<Optional<EndpointHealth>> tell(
      Scope scope, MonitoredEndpoint endpoint, Instant now) {
    EndpointHealth news = endpoint.news();
    failing.put(scope, endpoint.told(now));
    return (endpoint.stored() ? store.goOn(scope, news) : begin(scope, news))
        .handle((standing, failure) -> {
          if (standing == null || failure != null) {
            notTold(scope, news, failure == null ? new IllegalStateException() : failure);
            return Optional.empty();
          }
          told(scope, news, standing);
          return standing;
        });
  }

  /** Begins a count in the store, once an earlier one is forgotten there. */
  private CompletionStage<Optional<EndpointHealth>> begin(Scope scope, EndpointHealth news) {
    return forgetting.contains(scope)
        ? forget(scope).thenCompose(_ -> store.begin(scope, news))
        : store.begin(scope, news);
  }

  private synchronized void told(
      Scope scope, EndpointHealth news, Optional<EndpointHealth> standing) {
    MonitoredEndpoint current = failing.get(scope);
    if (current != null && current.health().isSame(news)) {
      if (standing.isPresent()) {
        failing.put(scope, current.standing(standing.get()));
      } else {
        failing.remove(scope);
      }
      tellCount();
    }
  }

  private synchronized void notTold(Scope scope, EndpointHealth news, Throwable failure) {
    listener.storeFailed("health", failure);
    MonitoredEndpoint current = failing.get(scope);
    if (current != null && current.health().isSame(news)) {
      failing.put(scope, current.notTold(news));
    }
  }

  /** It accepted. */
  private synchronized void recovered(Scope scope) {
    MonitoredEndpoint before = failing.remove(scope);
    if (before != null) {
      var _ = forget(scope);
      if (rules.isFailing(before.health())) {
        listener.recovered(scope);
        tellCount();
      }
    }
  }

  /** A configuration was disabled or deleted: if it is ever enabled, its endpoint begins anew. */
  public synchronized void stopped(Scope scope) {
    if (failing.remove(scope) != null) {
      var _ = forget(scope);
      tellCount();
    }
  }

  /** A configuration was disabled because its endpoint failed for too long. */
  public void disabledByFailure(Scope scope) {
    stopped(scope);
    listener.disabledByFailure(scope);
  }

  /** A configuration was disabled because its endpoint answered 410 Gone. */
  public void disabledByEndpoint(Scope scope) {
    listener.disabledByEndpoint(scope);
  }

  private void tellCount() {
    listener.degradedEndpoints(
        (int) failing.values().stream().filter(each -> rules.isDegraded(each.health())).count());
  }

  private CompletionStage<?> forget(Scope scope) {
    forgetting.add(scope);
    return store
        .forget(scope)
        .whenComplete((_, failure) -> {
          if (failure == null) {
            forgetting.remove(scope);
          } else {
            // The next look tries again.
            listener.storeFailed("health", failure);
          }
        });
  }
}
