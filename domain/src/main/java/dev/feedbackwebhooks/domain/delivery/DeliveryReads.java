package dev.feedbackwebhooks.domain.delivery;

import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.config.Scope;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Deliveries as operators see them. Blocks its caller; off the path of events. */
public interface DeliveryReads {
  /** The delivery with its attempts. */
  Optional<Delivery> find(Scope scope, DeliveryId id);

  /**
   * Newest first, without attempts. Takes no longer, however many there are and however few are
   * found: a page that would is shorter.
   *
   * @param before {@link DeliveryPage#next} of the page before; null for the first page
   * @param limit most deliveries of the page, at least 1
   */
  DeliveryPage list(Scope scope, DeliveryFilter filter, @Nullable DeliveryId before, int limit);

  /** The counts of all deliveries of a scope, without a look at the deliveries. */
  DeliveryStats stats(Scope scope);

  /** The deliveries that wait, of all scopes together. */
  Backlog backlog();

  /**
   * Makes a waiting, exhausted, refused or cancelled delivery due at {@code now} for {@code
   * configId}, its schedule beginning anew, and appends the audit record of it in the same
   * transaction; changes nothing in another state or without a body.
   */
  RetryOutcome retry(Scope scope, DeliveryId id, long configId, Instant now, AuditEntry entry);
}
