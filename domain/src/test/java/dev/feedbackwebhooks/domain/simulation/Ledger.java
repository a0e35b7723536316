package dev.feedbackwebhooks.domain.simulation;

import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.config.ConfigStore;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Entry;
import dev.feedbackwebhooks.domain.delivery.Enqueued;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender.Post;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.delivery.Settlement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What happened to each delivery, written down beside the store by someone who trusts neither it
 * nor the engine. Keeps the first thing that should not have been.
 */
final class Ledger {
  private record EventKey(Scope scope, String eventId) {}

  private final InstantSource clock;
  private final ConfigStore configs;
  private final Predicate<DeliveryId> refused;
  private final Map<DeliveryId, LedgerRow> rows = new HashMap<>();
  private final Map<EventKey, DeliveryId> events = new HashMap<>();
  private @Nullable String violation;

  /**
   * @param refused whether the store takes no change of a delivery now
   */
  Ledger(InstantSource clock, ConfigStore configs, Predicate<DeliveryId> refused) {
    this.refused = refused;
    this.clock = clock;
    this.configs = configs;
  }

  void require(boolean kept, String what) {
    if (!kept && violation == null) {
      violation = clock.instant() + ": " + what;
    }
  }

  /** The first thing that should not have been, or null. */
  @Nullable String violation() {
    return violation;
  }

  Collection<LedgerRow> rows() {
    return rows.values();
  }

  boolean has(DeliveryId id) {
    return rows.containsKey(id);
  }

  LedgerRow row(DeliveryId id) {
    LedgerRow row = rows.get(id);
    if (row == null) {
      throw new IllegalStateException("a delivery that was never stored: " + id);
    }
    return row;
  }

  void enqueued(List<Entry> entries, List<Enqueued> answers) {
    for (int i = 0; i < entries.size(); i++) {
      enqueued(entries.get(i), answers.get(i));
    }
  }

  private void enqueued(Entry entry, Enqueued answer) {
    EventKey key = new EventKey(entry.delivery().scope(), entry.delivery().subject().eventId());
    switch (answer) {
      case Enqueued.Stored(var id) -> {
        require(events.put(key, id) == null, "an event was stored twice");
        require(rows.put(id, new LedgerRow(this, entry)) == null, "an id was given twice");
      }
      case Enqueued.Duplicate(var id) ->
          require(id.equals(events.get(key)), "a new event was taken for a known one");
      case Enqueued.Refused _, Enqueued.Failed _ -> {}
    }
  }

  /** Who asks for what is due later means to cancel it. */
  void asked(Scope scope, Instant dueBy) {
    require(
        !dueBy.isAfter(clock.instant())
            || configs.list(scope.organization(), scope.sandbox(), null, 1).isEmpty(),
        "asked for what is not due");
  }

  void claimed(List<Claim> claims, Instant dueBy, Lease lease) {
    claims.forEach(claim -> row(claim.id()).claimed(claim, dueBy, lease));
  }

  void settled(List<Settlement> settlements, List<Boolean> stood) {
    for (int i = 0; i < settlements.size(); i++) {
      row(settlements.get(i).claim().id()).settled(settlements.get(i), stood.get(i));
    }
  }

  void released(List<Claim> claims, Instant due) {
    claims.forEach(claim -> row(claim.id()).released(claim, due));
  }

  void extended(List<Claim> claims, Instant until) {
    claims.forEach(claim -> row(claim.id()).extended(claim, until));
  }

  void lapsed(Instant now) {
    rows.values().stream()
        .filter(row -> !refused.test(row.delivery.id()))
        .forEach(row -> row.lapsed(now));
  }

  void sent(Post post, int process) {
    row(post.id()).sent(post, process, clock.instant());
  }

  void answered(Post post, AttemptResult answer) {
    row(post.id()).answered(answer);
  }
}
