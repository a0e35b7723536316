package dev.feedbackwebhooks.domain.testing;

import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.Attempt;
import dev.feedbackwebhooks.domain.delivery.AttemptDetail;
import dev.feedbackwebhooks.domain.delivery.Backlog;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryBook;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryPage;
import dev.feedbackwebhooks.domain.delivery.DeliveryPurge;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.delivery.DeliveryStats;
import dev.feedbackwebhooks.domain.delivery.Enqueued;
import dev.feedbackwebhooks.domain.delivery.Latencies;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.delivery.MessageKey;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.delivery.NextStep;
import dev.feedbackwebhooks.domain.delivery.Purpose;
import dev.feedbackwebhooks.domain.delivery.Retention.Expiry;
import dev.feedbackwebhooks.domain.delivery.RetryOutcome;
import dev.feedbackwebhooks.domain.delivery.Settlement;
import dev.feedbackwebhooks.domain.delivery.Turn;
import dev.feedbackwebhooks.domain.replay.ReplayId;
import dev.feedbackwebhooks.domain.replay.ReplaySkip;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Deliveries in memory: the queue and the book of the same rows. */
public final class InMemoryDeliveries implements DeliveryQueue, DeliveryBook, DeliveryPurge {
  private static final class Row {
    private final NewDelivery delivery;
    private final List<Attempt> attempts = new ArrayList<>();
    private final Instant createTime;
    private long configId;
    private DeliveryState state = DeliveryState.WAITING;
    private String reason = "";
    private int firstOfRound;
    private Instant due;
    private long claimId;
    private Instant updateTime;
    private boolean bodyGone;
    private @Nullable ReplayId replay;

    Row(NewDelivery delivery, Instant now) {
      this.delivery = delivery;
      this.configId = delivery.configId();
      this.createTime = now;
      this.updateTime = now;
      this.due = now;
    }

    void claim(Lease lease) {
      state = DeliveryState.CLAIMED;
      claimId = lease.claimId();
      due = lease.until();
    }

    Instant due() {
      return due;
    }

    boolean heldBy(Claim claim) {
      return state == DeliveryState.CLAIMED && claimId == claim.claimId();
    }

    Claim asClaim() {
      return new Claim(
          delivery.id(),
          delivery.scope(),
          configId,
          claimId,
          attempts.size(),
          firstOfRound,
          delivery.payload(),
          delivery.turn() instanceof Turn.First(MessageKey message) ? message : null,
          replay == null ? new Purpose.Feedback() : new Purpose.Replay(replay.text()));
    }

    void begin(long config, Instant now) {
      state = DeliveryState.WAITING;
      reason = "";
      configId = config;
      due = now;
      firstOfRound = attempts.size();
      updateTime = now;
    }
  }

  private final InMemoryStore configs;
  private final Map<Scope, List<DeliveryState>> purged = new HashMap<>();
  private final Map<Scope, long[]> latencies = new HashMap<>();
  private final TreeMap<DeliveryId, Row> rows = new TreeMap<>();
  private final InMemoryChanges changes = new InMemoryChanges(this::find);
  private @Nullable RuntimeException outage;

  public InMemoryDeliveries(InMemoryStore configs) {
    this.configs = configs;
  }

  /** Makes every later call of the queue fail; null ends the outage. */
  public synchronized void fail(@Nullable RuntimeException failure) {
    outage = failure;
  }

  @Override
  public synchronized CompletionStage<List<Enqueued>> enqueue(List<Entry> entries) {
    return answer(() -> entries.stream().map(this::enqueue).toList());
  }

  private Enqueued enqueue(Entry entry) {
    NewDelivery delivery = entry.delivery();
    Optional<DeliveryId> known =
        rows.values().stream()
            .filter(row -> row.delivery.scope().equals(delivery.scope()))
            .filter(row -> row.delivery.subject().eventId().equals(delivery.subject().eventId()))
            .map(row -> row.delivery.id())
            .findFirst();
    if (known.isPresent()) {
      return new Enqueued.Known(known.get());
    }
    Row row = new Row(delivery, entry.now());
    if (entry.lease() != null) {
      row.claim(entry.lease());
    } else if (delivery.turn() instanceof Turn.After(MessageKey message, Duration most)
        && !isFirstOver(message)) {
      row.due = entry.now().plus(most);
    }
    rows.put(delivery.id(), row);
    changed(row);
    return new Enqueued.Stored(delivery.id());
  }

  @Override
  public synchronized CompletionStage<Claimed> claimDue(
      Scope scope, Room room, Instant dueBy, Lease lease) {
    return answer(() -> {
      List<Claim> claims = new ArrayList<>();
      long bytes = 0;
      for (Row row : waiting(scope)) {
        if (!row.due.isAfter(dueBy) && claims.size() < room.deliveries() && bytes < room.bytes()) {
          row.claim(lease);
          claims.add(row.asClaim());
          bytes += row.delivery.payload().size();
        }
      }
      return new Claimed(claims, waiting(scope).stream().findFirst().map(Row::due).orElse(null));
    });
  }

  private List<Row> waiting(Scope scope) {
    return rows.values().stream()
        .filter(row -> row.delivery.scope().equals(scope) && row.state == DeliveryState.WAITING)
        .sorted(Comparator.comparing(Row::due))
        .toList();
  }

  @Override
  public synchronized CompletionStage<List<Boolean>> settle(List<Settlement> settlements) {
    return answer(() -> settlements.stream().map(this::settle).toList());
  }

  private boolean settle(Settlement settlement) {
    Row row = rows.get(settlement.claim().id());
    if (row == null || !row.heldBy(settlement.claim())) {
      return false;
    }
    if (settlement.attempt() != null) {
      row.attempts.add(
          kept(
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
    if (settlement.claim().leads() != null && row.state != DeliveryState.WAITING) {
      free(settlement.claim().leads(), settlement.at());
    }
    return true;
  }

  private boolean isFirstOver(MessageKey message) {
    List<Row> first =
        rows.values().stream()
            .filter(row -> row.delivery.turn().equals(new Turn.First(message)))
            .toList();
    return !first.isEmpty() && first.stream().allMatch(row -> row.state.ordinal() > 2);
  }

  private void free(MessageKey message, Instant now) {
    rows.values().stream()
        .filter(row -> row.delivery.turn() instanceof Turn.After(var of, _) && of.equals(message))
        .filter(row -> row.state == DeliveryState.WAITING && row.attempts.isEmpty())
        .filter(row -> row.due.isAfter(now))
        .forEach(row -> row.due = now);
  }

  @Override
  public synchronized CompletionStage<@Nullable Void> release(List<Claim> claims, Instant due) {
    return answer(() -> {
      for (Row row : standing(claims)) {
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

  private List<Row> standing(List<Claim> claims) {
    List<Row> standing = new ArrayList<>();
    for (Claim claim : claims) {
      Row row = rows.get(claim.id());
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
      for (Row row : rows.values()) {
        if (row.state == DeliveryState.CLAIMED && !row.due.isAfter(now)) {
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
            .filter(row -> isTo(filter.recipient(), row))
            .map(row -> asDelivery(row, List.of()))
            .filter(delivery -> matches(delivery, filter))
            .toList();
    List<Delivery> page = all.subList(0, Math.min(limit, all.size()));
    return new DeliveryPage(page, page.size() == all.size() ? null : page.getLast().id());
  }

  private static boolean isTo(@Nullable String recipient, Row row) {
    return recipient == null || (!row.bodyGone && row.delivery.recipients().contains(recipient));
  }

  private static boolean matches(Delivery delivery, DeliveryFilter filter) {
    return same(filter.state(), delivery.state())
        && same(filter.channel(), delivery.subject().channel())
        && same(filter.campaignId(), delivery.subject().campaignId())
        && same(filter.requestId(), delivery.subject().requestId())
        && same(filter.executionId(), delivery.subject().executionId())
        && (filter.createdFrom() == null || !delivery.createTime().isBefore(filter.createdFrom()))
        && (filter.createdBefore() == null
            || delivery.createTime().isBefore(filter.createdBefore()));
  }

  private static boolean same(@Nullable Object wanted, Object actual) {
    return wanted == null || wanted.equals(actual);
  }

  @Override
  public synchronized RetryOutcome retry(
      Scope scope, DeliveryId id, long configId, Instant now, AuditEntry entry) {
    Row row = rows.get(id);
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
    Row row = Objects.requireNonNull(rows.get(id));
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
    Row row = Objects.requireNonNull(rows.get(id));
    row.begin(configs.find(row.delivery.scope()).orElseThrow().id(), now);
    row.replay = replay;
    changed(row);
  }

  /** How they change. */
  public InMemoryChanges changes() {
    return changes;
  }

  private void changed(Row row) {
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
      rows.values()
          .removeIf(row -> ended(row, expiry.delivered(), expiry.ended()) && remember(row));
      List<Row> bodies =
          rows.values().stream()
              .filter(row -> !row.bodyGone && ended(row, expiry.bodies(), expiry.bodies()))
              .toList();
      bodies.forEach(InMemoryDeliveries::removeBody);
      return new Step(before - rows.size(), bodies.size(), null);
    });
  }

  private boolean remember(Row row) {
    return purged.computeIfAbsent(row.delivery.scope(), _ -> new ArrayList<>()).add(row.state);
  }

  @Override
  public synchronized DeliveryStats stats(Scope scope) {
    List<DeliveryState> states = new ArrayList<>(purged.getOrDefault(scope, List.of()));
    rows.values().stream()
        .filter(row -> row.delivery.scope().equals(scope))
        .map(row -> asDelivery(row, List.of()).state())
        .forEach(states::add);
    return new DeliveryStats(
        states.size(),
        count(states, DeliveryState.WAITING) + count(states, DeliveryState.CLAIMED),
        count(states, DeliveryState.HELD),
        count(states, DeliveryState.DELIVERED),
        count(states, DeliveryState.EXHAUSTED),
        count(states, DeliveryState.REFUSED),
        count(states, DeliveryState.CANCELLED),
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

  private static int count(List<DeliveryState> states, DeliveryState state) {
    return Collections.frequency(states, state);
  }

  private static boolean ended(Row row, Instant delivered, Instant others) {
    return switch (row.state) {
      case WAITING, HELD, CLAIMED -> false;
      case DELIVERED -> row.updateTime.isBefore(delivered);
      case EXHAUSTED, REFUSED, CANCELLED -> row.updateTime.isBefore(others);
    };
  }

  private static void removeBody(Row row) {
    row.bodyGone = true;
    row.attempts.replaceAll(attempt -> kept(attempt, AttemptDetail.NONE, attempt.next()));
  }

  private static Attempt kept(Attempt attempt, AttemptDetail detail, @Nullable Instant next) {
    return new Attempt(
        attempt.number(), attempt.start(), attempt.duration(), attempt.result(), detail, next);
  }

  private Delivery asDelivery(Row row, List<Attempt> attempts) {
    DeliveryState state = row.state == DeliveryState.WAITING ? waiting(row) : row.state;
    return new Delivery(
        row.delivery.id(),
        row.delivery.scope(),
        row.delivery.subject(),
        state,
        state == row.state ? row.reason : reason(state),
        row.attempts.size(),
        state == DeliveryState.WAITING ? row.due : null,
        row.createTime,
        row.updateTime,
        attempts);
  }

  /** A waiting delivery is held or cancelled by what became of its configuration. */
  private DeliveryState waiting(Row row) {
    Optional<WebhookConfig> config = configs.find(row.delivery.scope());
    if (config.isEmpty() || config.get().id() != row.configId) {
      return DeliveryState.CANCELLED;
    }
    return config.get().status().active() ? DeliveryState.WAITING : DeliveryState.HELD;
  }

  private static String reason(DeliveryState state) {
    return state == DeliveryState.HELD ? Delivery.HELD_REASON : Delivery.CANCELLED_REASON;
  }

  private <T extends @Nullable Object> CompletionStage<T> answer(Supplier<T> work) {
    return outage == null
        ? CompletableFuture.completedFuture(work.get())
        : CompletableFuture.failedFuture(outage);
  }
}
