package dev.feedbackwebhooks.domain.config;

import dev.feedbackwebhooks.domain.access.Actor;
import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.domain.key.Fingerprints;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Creates, reads, edits and deletes configurations by their rules, and holds the cached answer that
 * intake and engine ask for every event.
 */
public final class Configs {
  /** More configurations than this are read from the store again. */
  private static final int CACHED = 20_000;

  /** Nor than this: one has up to 16 KiB of headers. */
  private static final long CACHED_BYTES = 32L << 20;

  private static final Known NOT_IN_MEMORY = new Known.NotYet();

  private final ConfigStore store;
  private final ConfigRules rules;
  private final ConfigAudit audit;
  private final InstantSource clock;
  private final LongSupplier newIds;
  private final ConcurrentMap<Scope, Optional<WebhookConfig>> cache = new ConcurrentHashMap<>();
  private final AtomicLong cachedBytes = new AtomicLong();
  private final List<Consumer<Scope>> listeners = new CopyOnWriteArrayList<>();

  /**
   * @param newIds positive numbers that never come twice: random ones
   */
  public Configs(
      ConfigStore store,
      ConfigRules rules,
      Fingerprints fingerprints,
      InstantSource clock,
      LongSupplier newIds) {
    this.store = store;
    this.rules = rules;
    this.audit = new ConfigAudit(fingerprints);
    this.clock = clock;
    this.newIds = newIds;
  }

  /** Calls {@code listener} after each durable change of a scope's configuration. */
  public void onChange(Consumer<Scope> listener) {
    listeners.add(listener);
  }

  /** The configuration as it is now, from memory where possible. */
  public Optional<WebhookConfig> current(Scope scope) {
    if (cache.size() >= CACHED || cachedBytes.get() >= CACHED_BYTES) {
      forget();
    }
    // Within computeIfAbsent a concurrent change waits, then forgets what was read before it.
    return cache.computeIfAbsent(scope, this::load);
  }

  /** The same for strangers, who may ask for what there is not: memory keeps nothing of it. */
  public Optional<WebhookConfig> peek(Scope scope) {
    return switch (known(scope)) {
      case Known.As(var config) -> config;
      case Known.NotYet() -> store.find(scope);
    };
  }

  private Optional<WebhookConfig> load(Scope scope) {
    Optional<WebhookConfig> found = store.find(scope);
    cachedBytes.addAndGet(weight(found));
    return found;
  }

  private static int weight(Optional<WebhookConfig> config) {
    return config.map(WebhookConfig::weight).orElse(0);
  }

  /** The configuration as the cache has it: neither blocks nor fails. */
  public Known known(Scope scope) {
    Optional<WebhookConfig> cached = cache.get(scope);
    return cached == null ? NOT_IN_MEMORY : new Known.As(cached);
  }

  /** The cache's answer about a scope's configuration. */
  public sealed interface Known {
    /** It is this, or there is none. */
    record As(Optional<WebhookConfig> config) implements Known {}

    /** Only the store knows. */
    record NotYet() implements Known {}
  }

  /**
   * Creates a scope's configuration.
   *
   * @param validateOnly whether to check all rules and store nothing
   * @throws Fault.InvalidFields if the draft breaks a rule
   * @throws Fault.AlreadyExists if the scope has one
   */
  public WebhookConfig create(Actor who, ConfigDraft draft, boolean validateOnly) {
    Instant now = clock.instant();
    WebhookConfig config = rules.newConfig(draft, newIds.getAsLong(), now);
    boolean free =
        validateOnly
            ? store.find(draft.scope()).isEmpty()
            : store.insert(config, audit.created(who, config));
    if (!free) {
      throw new Fault.AlreadyExists(
          Reason.CONFIG_ALREADY_EXISTS,
          draft.scope().configName(),
          "a sandbox has one configuration; update it, or delete it first");
    }
    if (!validateOnly) {
      changed(draft.scope());
    }
    return config;
  }

  /**
   * @throws Fault.NotFound if the scope has none
   */
  public WebhookConfig get(Scope scope) {
    return store.find(scope).orElseThrow(() -> notFound(scope));
  }

  /** See {@link ConfigStore#list}. */
  public List<WebhookConfig> list(
      @Nullable String organization, @Nullable String sandbox, @Nullable Scope after, int limit) {
    return store.list(organization, sandbox, after, limit);
  }

  /**
   * Replaces {@code stored} by the draft.
   *
   * @param stored what the draft was made from
   * @throws Fault.InvalidFields if the draft breaks a rule
   * @throws Fault.Stale if {@code stored} is not what the store has any more
   */
  public WebhookConfig update(
      Actor who, WebhookConfig stored, ConfigDraft draft, boolean validateOnly) {
    WebhookConfig next = rules.changedConfig(stored, draft, clock.instant());
    if (validateOnly) {
      return next;
    }
    boolean replaced = store.replace(next, stored.version(), audit.updated(who, stored, next));
    // Also where it was not: then someone else changed it.
    changed(stored.scope());
    if (!replaced) {
      throw new Fault.Stale(stored.scope().configName());
    }
    return next;
  }

  /**
   * Deletes a scope's configuration; its waiting deliveries are cancelled.
   *
   * @param etag the etag that it must still have; empty for any
   * @throws Fault.NotFound if the scope has none
   * @throws Fault.Stale if it has another etag
   */
  public void delete(Actor who, Scope scope, String etag) {
    while (true) {
      WebhookConfig stored = get(scope);
      if (!etag.isEmpty() && !etag.equals(stored.etag())) {
        throw new Fault.Stale(scope.configName());
      }
      AuditEntry entry = audit.deleted(who, stored, clock.instant());
      if (store.delete(scope, stored.id(), stored.version(), entry)) {
        changed(scope);
        return;
      }
    }
  }

  /**
   * Switches a configuration off because its endpoint answered 410, if it is still that endpoint's
   * and still active; answers whether this call did it.
   *
   * @param sent the configuration that the endpoint was sent to by
   */
  public boolean disableByEndpoint(WebhookConfig sent, Instant at) {
    return disable(sent, new ConfigStatus.DisabledByEndpoint(at), at);
  }

  /** The same, because it accepted nothing for too long. */
  public boolean disableByFailure(WebhookConfig sent, Instant at) {
    return disable(sent, new ConfigStatus.DisabledByFailure(at), at);
  }

  private boolean disable(WebhookConfig sent, ConfigStatus why, Instant at) {
    Scope scope = sent.scope();
    Optional<WebhookConfig> stored = store.find(scope);
    while (stored.isPresent() && stored.get().sendsLike(sent) && stored.get().status().active()) {
      WebhookConfig next = stored.get().disabled(why, at);
      if (store.replace(next, stored.get().version(), audit.disabled(stored.get(), next))) {
        changed(scope);
        return true;
      }
      stored = store.find(scope);
    }
    return false;
  }

  /**
   * Forgets a scope's configuration, which was changed elsewhere, and tells who listens. Waits for
   * the store if it is being read just now.
   */
  public void changedElsewhere(Scope scope) {
    changed(scope);
  }

  /** The same if nobody knows whose. */
  public void anyChangedElsewhere() {
    List<Scope> forgotten = List.copyOf(cache.keySet());
    forget();
    forgotten.forEach(scope -> listeners.forEach(listener -> listener.accept(scope)));
  }

  private void forget() {
    cache.clear();
    cachedBytes.set(0);
  }

  private void changed(Scope scope) {
    Optional<WebhookConfig> forgotten = cache.remove(scope);
    if (forgotten != null) {
      cachedBytes.addAndGet(-weight(forgotten));
    }
    listeners.forEach(listener -> listener.accept(scope));
  }

  private static Fault.NotFound notFound(Scope scope) {
    return new Fault.NotFound(Reason.CONFIG_NOT_FOUND, scope.configName());
  }
}
