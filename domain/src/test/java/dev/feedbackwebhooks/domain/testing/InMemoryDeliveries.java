package dev.feedbackwebhooks.domain.testing;

import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.attempt.NextStep;
import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.Backlog;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryPage;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.DeliveryReads;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.delivery.DeliveryStats;
import dev.feedbackwebhooks.domain.delivery.Enqueued;
import dev.feedbackwebhooks.domain.delivery.Latencies;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.delivery.MessageKey;
import dev.feedbackwebhooks.domain.delivery.MessageOrder;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.delivery.RetryOutcome;
import dev.feedbackwebhooks.domain.delivery.Settlement;
import dev.feedbackwebhooks.domain.replay.ReplayId;
import dev.feedbackwebhooks.domain.replay.ReplaySkip;
import dev.feedbackwebhooks.domain.retention.DeliveryPurge;
import dev.feedbackwebhooks.domain.retention.Retention.Expiry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Deliveries in memory: the queue and the book of the same rows. */
public final class InMemoryDeliveries implements DeliveryQueue, DeliveryReads, DeliveryPurge {
  /** What a refused settlement fails with. */
  public final RuntimeException refusal = new IllegalStateException("refused");

  private final InMemoryStore configs;
  private final Map<Scope, List<DeliveryState>> purged = new HashMap<>();
  private final Map<Scope, long[]> latencies = new HashMap<>();
  private final TreeMap<DeliveryId, InMemoryRow> rows = new TreeMap<>();
  private final InMemoryChanges changes = new InMemoryChanges(this::find);
  private @Nullable RuntimeException outage;
  private Predicate<NewDelivery> refused = _ -> false;
  private Predicate<NewDelivery> failed = _ -> false;

  public InMemoryDeliveries(InMemoryStore configs) {
    this.configs = configs;
  }

  /** Makes every later call of the queue fail; null ends the outage. */
  public synchronized void fail(@Nullable RuntimeException failure) {
    outage = failure;
  }

  /**
   * Refuses from now on what is written of some deliveries, but that their holder gives them back
   * or keeps them.
   */
  public synchronized void refuse(Predicate<NewDelivery> some) {
    refused = some;
  }

  /** Cannot take some from now on, through no fault of theirs. */
  public synchronized void failFor(Predicate<NewDelivery> some) {
    failed = some;
  }

  @Override
  public synchronized CompletionStage<List<Enqueued>> enqueue(List<Entry> entries) {
    return answer(() -> entries.stream().map(this::enqueue).toList());
  }

  private Enqueued enqueue(Entry entry) {
    NewDelivery delivery = entry.delivery();
    Optional<DeliveryId> known = known(delivery.scope(), delivery.subject().eventId());
    if (known.isPresent()) {
      return new Enqueued.Duplicate(known.get());
    }
    if (failed.test(delivery)) {
      return new Enqueued.Failed();
    }
    if (refused.test(delivery)) {
      return new Enqueued.Refused("incident");
    }
    InMemoryRow row = new InMemoryRow(delivery, entry.now());
    if (entry.lease() != null) {
      row.claim(entry.lease());
    } else if (delivery.turn() instanceof MessageOrder.After(MessageKey message, Duration most)
        && !isFirstOver(message)) {
      row.due = entry.now().plus(most);
    }
    rows.put(delivery.id(), row);
    changed(row);
    return new Enqueued.Stored(delivery.id());
  }

  private Optional<DeliveryId> known(Scope scope, String eventId) {
    return rows.values().stream()
        .filter(row -> row.delivery.scope().equals(scope))
        .filter(row -> row.delivery.subject().eventId().equals(eventId))
        .map(row -> row.delivery.id())
        .findFirst();
  }

  @Override
  public synchronized CompletionStage<List<Optional<DeliveryId>>> known(List<EventName> events) {
    return answer(
        () -> events.stream().map(event -> known(event.scope(), event.eventId())).toList());
  }

  @Override
  public synchronized CompletionStage<Claimed> claimDue(
      Scope scope, Room room, Instant dueBy, Lease lease) {
    return answer(() -> {
      List<Claim> claims = new ArrayList<>();
      long bytes = 0;
      for (InMemoryRow row : waiting(scope)) {
        if (!row.due.isAfter(dueBy) && claims.size() < room.deliveries() && bytes < room.bytes()) {
          row.claim(lease);
          claims.add(row.asClaim());
          bytes += row.delivery.payload().size();
        }
      }
      return new Claimed(
          claims, waiting(scope).stream().findFirst().map(InMemoryRow::due).orElse(null));
    });
  }

  private List<InMemoryRow> waiting(Scope scope) {
    return rows.values().stream()
        .filter(row -> row.delivery.scope().equals(scope) && row.state == DeliveryState.WAITING)
        .filter(row -> !refused.test(row.delivery))
        .sorted(Comparator.comparing(InMemoryRow::due))
        .toList();
  }

  @Override
  public synchronized CompletionStage<List<Boolean>> settle(List<Settlement> settlements) {
    boolean isRefused =
        settlements.stream()
            .map(settlement -> rows.get(settlement.claim().id()))
            .anyMatch(row -> row != null && refused.test(row.delivery));
    return isRefused && outage == null
        ? dependent(CompletableFuture.failedFuture(refusal))
        : answer(() -> settlements.stream().map(this::settle).toList());
  }

  private boolean settle(Settlement settlement) {
    InMemoryRow row = rows.get(settlement.claim().id());
    if (row == null || !row.heldBy(settlement.claim())) {
      return false;
    }
    if (settlement.attempt() != null) {
      row.attempts.add(
          InMemoryRow.kept(
              settlement.attempt(),
              settlement.attempt().detail(),
              settlement.next() instanceof NextStep.RetryAt(Instant next) ? next : null));
    }
    row.updateTime = settlement.at();
    changed(row);
    switch (settlement.next()) {
      case NextStep.Done _ -> {
        row.state = DeliveryState.DELIVERED;
        if (row.replay == null) {
          latencies
              .computeIfAbsent(row.delivery.scope(), _ -> new long[Latencies.BUCKETS])[
              Latencies.bucket(Duration.between(row.delivery.id().time(), settlement.at()))]++;
        }
      }
      case NextStep.RetryAt(Instant at) -> {
        row.state = DeliveryState.WAITING;
        row.due = at;
      }
      case NextStep.GiveUp(var ending, var reason) -> {
        row.state = DeliveryState.valueOf(ending.name());
        row.reason = reason;
      }
    }
    if (settlement.claim().leads() != null && isFirstOver(settlement.claim().leads())) {
      free(settlement.claim().leads(), settlement.at());
    }
    return true;
  }

  private boolean isFirstOver(MessageKey message) {
    List<DeliveryState> first =
        rows.values().stream()
            .filter(row -> row.delivery.turn().equals(new MessageOrder.First(message)))
            .map(row -> row.state)
            .toList();
    return !first.isEmpty()
        && !first.contains(DeliveryState.WAITING)
        && !first.contains(DeliveryState.CLAIMED);
  }

  private void free(MessageKey message, Instant now) {
    rows.values().stream().filter(row -> row.waitsFor(message, now)).forEach(row -> row.due = now);
  }

  @Override
  public synchronized CompletionStage<@Nullable Void> release(List<Claim> claims, Instant due) {
    return answer(() -> {
      for (InMemoryRow row : standing(claims)) {
        row.state = DeliveryState.WAITING;
        row.due = due;
      }
      return null;
    });
  }

  @Override
  public synchronized CompletionStage<@Nullable Void> extend(List<Claim> claims, Instant until) {
    return answer(() -> {
      standing(claims).forEach(row -> row.due = until);
      return null;
    });
  }

  private List<InMemoryRow> standing(List<Claim> claims) {
    List<InMemoryRow> standing = new ArrayList<>();
    for (Claim claim : claims) {
      InMemoryRow row = rows.get(claim.id());
      if (row != null && row.heldBy(claim)) {
        standing.add(row);
      }
    }
    return standing;
  }

  @Override
  public synchronized CompletionStage<List<LaneDue>> lanes(Instant now) {
    return answer(() -> {
      Map<Scope, Instant> earliest = new HashMap<>();
      for (InMemoryRow row : rows.values()) {
        if (row.state == DeliveryState.CLAIMED
            && !row.due.isAfter(now)
            && !refused.test(row.delivery)) {
          row.state = DeliveryState.WAITING;
        }
        if (row.state == DeliveryState.WAITING) {
          earliest.merge(row.delivery.scope(), row.due, (a, b) -> a.isBefore(b) ? a : b);
        }
      }
      List<LaneDue> lanes = new ArrayList<>();
      earliest.forEach((scope, due) -> lanes.add(new LaneDue(scope, due)));
      return lanes;
    });
  }

  @Override
  public synchronized Optional<Delivery> find(Scope scope, DeliveryId id) {
    return Optional.ofNullable(rows.get(id))
        .filter(row -> row.delivery.scope().equals(scope))
        .map(row -> asDelivery(row, row.attempts));
  }

  @Override
  public synchronized DeliveryPage list(
      Scope scope, DeliveryFilter filter, @Nullable DeliveryId before, int limit) {
    List<Delivery> all =
        rows.descendingMap().values().stream()
            .filter(row -> row.delivery.scope().equals(scope))
            .filter(row -> before == null || row.delivery.id().compareTo(before) < 0)
            .filter(row -> row.isTo(filter.recipient()))
            .map(row -> asDelivery(row, List.of()))
            .filter(delivery -> InMemoryRow.matches(delivery, filter))
            .toList();
    List<Delivery> page = all.subList(0, Math.min(limit, all.size()));
    return new DeliveryPage(page, page.size() == all.size() ? null : page.getLast().id());
  }

  @Override
  public synchronized RetryOutcome retry(
      Scope scope, DeliveryId id, long configId, Instant now, AuditEntry entry) {
    InMemoryRow row = rows.get(id);
    if (row == null || !row.delivery.scope().equals(scope)) {
      return RetryOutcome.NOT_RETRYABLE;
    }
    return switch (row.state) {
      case WAITING, EXHAUSTED, REFUSED, CANCELLED -> {
        if (row.bodyGone) {
          yield RetryOutcome.BODY_GONE;
        }
        row.begin(configId, now);
        changed(row);
        configs.append(entry);
        yield RetryOutcome.DUE;
      }
      case CLAIMED, HELD, DELIVERED -> RetryOutcome.NOT_RETRYABLE;
    };
  }

  /** Why a replay passes over a delivery; empty if it does not. */
  synchronized Optional<ReplaySkip> skipped(Scope scope, DeliveryId id) {
    InMemoryRow row = Objects.requireNonNull(rows.get(id));
    boolean over =
        switch (row.state) {
          case WAITING -> waiting(row) == DeliveryState.CANCELLED;
          case HELD, CLAIMED -> false;
          case DELIVERED, EXHAUSTED, REFUSED, CANCELLED -> true;
        };
    if (!over) {
      return Optional.of(ReplaySkip.NOT_OVER);
    }
    if (configs.find(scope).isEmpty()) {
      return Optional.of(ReplaySkip.NO_CONFIG);
    }
    return row.bodyGone ? Optional.of(ReplaySkip.BODY_REMOVED) : Optional.empty();
  }

  /** Those of a scope that are due, or claimed, because of replays. */
  synchronized int replayed(Scope scope, Instant now) {
    return (int)
        rows.values().stream()
            .filter(row -> row.delivery.scope().equals(scope) && row.replay != null)
            .filter(row ->
                row.state == DeliveryState.CLAIMED
                    || (row.state == DeliveryState.WAITING && !row.due.isAfter(now)))
            .count();
  }

  /** Makes it due because of a replay. */
  synchronized void replay(DeliveryId id, ReplayId replay, Instant now) {
    InMemoryRow row = Objects.requireNonNull(rows.get(id));
    row.begin(configs.find(row.delivery.scope()).orElseThrow().id(), now);
    row.replay = replay;
    changed(row);
  }

  /** How they change. */
  public InMemoryChanges changes() {
    return changes;
  }

  private void changed(InMemoryRow row) {
    changes.changed(row.delivery.scope(), row.delivery.id());
  }

  private synchronized Optional<Delivery> find(Scope scope, DeliveryFilter filter, DeliveryId id) {
    return list(scope, filter, null, Integer.MAX_VALUE).deliveries().stream()
        .filter(delivery -> delivery.id().equals(id))
        .findFirst();
  }

  @Override
  public synchronized CompletionStage<Step> purge(Expiry expiry, @Nullable DeliveryId after) {
    return answer(() -> {
      int before = rows.size();
      rows.values().removeIf(row -> row.ended(expiry.delivered(), expiry.ended()) && remember(row));
      List<InMemoryRow> bodies =
          rows.values().stream()
              .filter(row -> !row.bodyGone && !refused.test(row.delivery))
              .filter(row -> row.ended(expiry.bodies(), expiry.bodies()))
              .toList();
      bodies.forEach(InMemoryRow::removeBody);
      return new Step(before - rows.size(), bodies.size(), null);
    });
  }

  private boolean remember(InMemoryRow row) {
    return purged.computeIfAbsent(row.delivery.scope(), _ -> new ArrayList<>()).add(row.state);
  }

  @Override
  public synchronized DeliveryStats stats(Scope scope) {
    List<DeliveryState> states = new ArrayList<>(purged.getOrDefault(scope, List.of()));
    rows.values().stream()
        .filter(row -> row.delivery.scope().equals(scope))
        .map(row -> asDelivery(row, List.of()).state())
        .forEach(states::add);
    return InMemoryRow.stats(
        states,
        Latencies.of(latencies.getOrDefault(scope, new long[Latencies.BUCKETS])),
        rows.values().stream()
            .filter(row -> row.delivery.scope().equals(scope) && row.state == DeliveryState.WAITING)
            .map(row -> row.due)
            .min(Comparator.naturalOrder())
            .orElse(null));
  }

  @Override
  public synchronized Backlog backlog() {
    List<Delivery> open =
        rows.values().stream()
            .filter(row -> row.state == DeliveryState.WAITING || row.state == DeliveryState.CLAIMED)
            .map(row -> asDelivery(row, List.of()))
            .toList();
    return new Backlog(
        open.size(),
        open.stream()
            .map(Delivery::nextAttempt)
            .filter(Objects::nonNull)
            .min(Comparator.naturalOrder())
            .orElse(null));
  }

  private Delivery asDelivery(InMemoryRow row, List<Attempt> attempts) {
    DeliveryState state = row.state == DeliveryState.WAITING ? waiting(row) : row.state;
    return new Delivery(
        row.delivery.id(),
        row.delivery.scope(),
        row.delivery.subject(),
        state,
        state == row.state ? row.reason : InMemoryRow.reason(state),
        row.attempts.size(),
        state == DeliveryState.WAITING ? row.due : null,
        row.createTime,
        row.updateTime,
        attempts);
  }

  /** A waiting delivery is held or cancelled by what became of its configuration. */
  private DeliveryState waiting(InMemoryRow row) {
    Optional<WebhookConfig> config = configs.find(row.delivery.scope());
    if (config.isEmpty() || config.get().id() != row.configId) {
      return DeliveryState.CANCELLED;
    }
    return config.get().status().active() ? DeliveryState.WAITING : DeliveryState.HELD;
  }

  private <T extends @Nullable Object> CompletionStage<T> answer(Supplier<T> work) {
    return outage == null
        ? CompletableFuture.completedFuture(work.get())
        : dependent(CompletableFuture.failedFuture(outage));
  }

  /** Those of the other stores may depend on another one, and fail like this then. */
  private static <T extends @Nullable Object> CompletionStage<T> dependent(
      CompletableFuture<T> answer) {
    return answer.thenApply(same -> same);
  }
}
