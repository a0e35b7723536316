package dev.feedbackwebhooks.domain.testing;

import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.replay.Replay;
import dev.feedbackwebhooks.domain.replay.ReplayId;
import dev.feedbackwebhooks.domain.replay.ReplaySkip;
import dev.feedbackwebhooks.domain.replay.ReplayState;
import dev.feedbackwebhooks.domain.replay.ReplayStore;
import dev.feedbackwebhooks.domain.replay.ReplayTally;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Replays in memory, beside the deliveries of {@link InMemoryDeliveries}. */
public final class InMemoryReplays implements ReplayStore {
  private final InMemoryDeliveries deliveries;
  private final InMemoryStore store;
  private final TreeMap<Long, Replay> replays = new TreeMap<>();
  private @Nullable RuntimeException outage;

  public InMemoryReplays(InMemoryDeliveries deliveries, InMemoryStore store) {
    this.deliveries = deliveries;
    this.store = store;
  }

  /** Makes every later step fail; null ends the outage. */
  public synchronized void fail(@Nullable RuntimeException failure) {
    outage = failure;
  }

  @Override
  public synchronized ReplayTally survey(Scope scope, DeliveryFilter filter) {
    List<Delivery> matched = oldestFirst(scope, filter, null);
    Map<ReplaySkip, Long> skips = new EnumMap<>(ReplaySkip.class);
    for (Delivery delivery : matched) {
      deliveries
          .skipped(scope, delivery.id())
          .ifPresent(reason -> skips.merge(reason, 1L, Long::sum));
    }
    long skipped = skips.values().stream().mapToLong(Long::longValue).sum();
    return new ReplayTally(matched.size(), matched.size() - skipped, skips);
  }

  private List<Delivery> oldestFirst(
      Scope scope, DeliveryFilter filter, @Nullable DeliveryId after) {
    return deliveries.list(scope, filter, null, Integer.MAX_VALUE).deliveries().stream()
        .filter(delivery -> after == null || delivery.id().compareTo(after) > 0)
        .sorted(Comparator.comparing(Delivery::id))
        .toList();
  }

  @Override
  public synchronized Started start(Replay replay, int most, AuditEntry entry) {
    Optional<Replay> known =
        replay.plan().requestId().isEmpty()
            ? Optional.empty()
            : ofRequest(replay.scope(), replay.plan().requestId());
    if (known.isPresent()) {
      return new Started.Known(known.get());
    }
    if (of(replay.scope()).filter(each -> !each.over()).count() >= most) {
      return new Started.TooMany();
    }
    replays.put(replay.id().value(), replay);
    store.append(entry);
    return new Started.Stored();
  }

  private Stream<Replay> of(Scope scope) {
    return replays.descendingMap().values().stream().filter(each -> each.scope().equals(scope));
  }

  @Override
  public synchronized Optional<Replay> find(Scope scope, ReplayId id) {
    return of(scope).filter(each -> each.id().equals(id)).findFirst();
  }

  @Override
  public synchronized Optional<Replay> ofRequest(Scope scope, String requestId) {
    return of(scope).filter(each -> each.plan().requestId().equals(requestId)).findFirst();
  }

  @Override
  public synchronized List<Replay> list(
      Scope scope, @Nullable Boolean over, @Nullable ReplayId before, int limit) {
    return of(scope)
        .filter(each -> over == null || over == each.over())
        .filter(each -> before == null || each.id().value() < before.value())
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized List<Replay> running() {
    return replays.values().stream().filter(each -> !each.over()).toList();
  }

  @Override
  public synchronized Optional<Replay> cancel(
      Scope scope, ReplayId id, Instant now, AuditEntry entry) {
    Optional<Replay> found = find(scope, id);
    if (found.isEmpty() || found.get().over()) {
      return found;
    }
    Replay cancelled = found.get().ended(ReplayState.CANCELLED, now);
    replays.put(id.value(), cancelled);
    store.append(entry);
    return Optional.of(cancelled);
  }

  @Override
  public synchronized boolean delete(Scope scope, ReplayId id, AuditEntry entry) {
    if (find(scope, id).filter(Replay::over).isEmpty()) {
      return false;
    }
    replays.remove(id.value());
    store.append(entry);
    return true;
  }

  @Override
  public synchronized CompletionStage<Replay> step(Replay asked, int most, Instant now) {
    if (outage != null) {
      return CompletableFuture.failedFuture(outage);
    }
    Replay replay = replays.get(asked.id().value());
    if (replay == null || replay.over() || !Objects.equals(replay.cursor(), asked.cursor())) {
      return CompletableFuture.completedFuture(
          replay == null ? asked.ended(ReplayState.CANCELLED, now) : replay);
    }
    Replay next = gone(replay, most, now);
    replays.put(next.id().value(), next);
    return CompletableFuture.completedFuture(next);
  }

  private Replay gone(Replay replay, int most, Instant now) {
    int room = Math.min(most, MOST_QUEUED - deliveries.replayed(replay.scope(), now));
    Map<ReplaySkip, Long> skips = new EnumMap<>(ReplaySkip.class);
    int queued = 0;
    DeliveryId passed = replay.cursor();
    for (Delivery each : oldestFirst(replay.scope(), replay.plan().filter(), replay.cursor())) {
      Optional<ReplaySkip> skip = deliveries.skipped(replay.scope(), each.id());
      if (skip.isPresent()) {
        skips.merge(skip.get(), 1L, Long::sum);
      } else if (queued == room) {
        return passed == null
            ? replay
            : replay.advanced(replay.tally().plus(queued, skips), passed, now);
      } else {
        deliveries.replay(each.id(), replay.id(), now);
        queued++;
      }
      passed = each.id();
    }
    return replay.advanced(replay.tally().plus(queued, skips), null, now);
  }

  @Override
  public synchronized CompletionStage<Integer> forget(Instant until) {
    int before = replays.size();
    replays.values().removeIf(each -> each.endTime() != null && each.endTime().isBefore(until));
    return CompletableFuture.completedFuture(before - replays.size());
  }
}
