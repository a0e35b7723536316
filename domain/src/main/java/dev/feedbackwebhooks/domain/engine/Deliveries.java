package dev.feedbackwebhooks.domain.engine;

import dev.feedbackwebhooks.domain.access.Actor;
import dev.feedbackwebhooks.domain.audit.AuditAction;
import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.config.Configs;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryPage;
import dev.feedbackwebhooks.domain.delivery.DeliveryReads;
import dev.feedbackwebhooks.domain.delivery.DeliveryStats;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads deliveries for operators, and has them sent again. Blocks its caller. */
public final class Deliveries {
  private final DeliveryReads book;
  private final Configs configs;
  private final DeliveryEngine engine;
  private final InstantSource clock;

  public Deliveries(
      DeliveryReads book, Configs configs, DeliveryEngine engine, InstantSource clock) {
    this.book = book;
    this.configs = configs;
    this.engine = engine;
    this.clock = clock;
  }

  /**
   * A delivery with its attempts.
   *
   * @throws Fault.NotFound if there is none
   */
  public Delivery get(Scope scope, DeliveryId id) {
    return book.find(scope, id)
        .orElseThrow(() -> new Fault.NotFound(Reason.DELIVERY_NOT_FOUND, Delivery.name(scope, id)));
  }

  /** See {@link DeliveryReads#list}. */
  public DeliveryPage list(
      Scope scope, DeliveryFilter filter, @Nullable DeliveryId before, int limit) {
    return book.list(scope, filter, before, limit);
  }

  /** See {@link DeliveryReads#stats}. */
  public DeliveryStats stats(Scope scope) {
    return book.stats(scope);
  }

  /**
   * Makes a delivery due at once, for the configuration of now, its schedule beginning anew.
   *
   * @throws Fault.NotFound if there is none
   * @throws Fault.NotNow if it is delivered or in flight, no enabled configuration takes it, or its
   *     body was removed
   */
  public Delivery retry(Actor who, Scope scope, DeliveryId id) {
    Delivery delivery = get(scope, id);
    Optional<WebhookConfig> config =
        configs.current(scope).filter(found -> found.status().active());
    if (config.isEmpty()) {
      throw refusal(delivery, "has nowhere to go: create or enable " + scope.configName());
    }
    Instant now = clock.instant();
    AuditEntry entry = retried(who, delivery, now);
    return switch (book.retry(scope, id, config.get().id(), now, entry)) {
      case DUE -> {
        engine.wake(scope);
        yield get(scope, id);
      }
      case NOT_RETRYABLE ->
          throw refusal(delivery, "is delivered or in flight: there is nothing to retry");
      case BODY_GONE ->
          throw refusal(
              delivery,
              "has no body any more, see --retention-bodies: send its event under another id");
    };
  }

  /** Without fields: what becomes of the delivery stands in its attempts. */
  private static AuditEntry retried(Actor who, Delivery delivery, Instant at) {
    return new AuditEntry(
        at, who, AuditAction.RETRY_DELIVERY, delivery.scope().audited(delivery.name()), List.of());
  }

  private static Fault.NotNow refusal(Delivery delivery, String why) {
    return new Fault.NotNow(
        Reason.DELIVERY_NOT_RETRYABLE, delivery.name(), delivery.name() + " " + why);
  }
}
