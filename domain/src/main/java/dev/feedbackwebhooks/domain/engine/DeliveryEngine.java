package dev.feedbackwebhooks.domain.engine;

import dev.feedbackwebhooks.domain.attempt.RetrySchedule;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryIds;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.Enqueued;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.delivery.MessageOrder;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Brings deliveries from intake to their end. Any thread may call it; what it does afterwards, it
 * does by its {@link Mailbox}, so that lanes need no locks.
 */
public final class DeliveryEngine {
  private static final Duration RETRY_SOON = Duration.ofSeconds(1);

  private final EnginePorts ports;
  private final EngineLimits limits;
  private final InstantSource clock;
  private final DeliveryIds ids;
  private final AtomicLong nextClaimId;
  private final Mailbox mailbox;
  private final MemoryBudget memory;
  private final LaneShare share;
  private final Dispatcher dispatcher;
  private volatile boolean draining;

  /**
   * @param firstClaimId a number that no earlier process began to count claims from: random
   */
  public DeliveryEngine(
      EnginePorts ports,
      EngineLimits limits,
      RetrySchedule schedule,
      InstantSource clock,
      DeliveryIds ids,
      long firstClaimId,
      Mailbox mailbox) {
    this.ports = ports;
    this.limits = limits;
    this.clock = clock;
    this.ids = ids;
    this.nextClaimId = new AtomicLong(firstClaimId);
    this.mailbox = mailbox;
    this.memory = new MemoryBudget(limits.memoryBytes());
    this.share = new LaneShare(limits.laneInFlight());
    this.dispatcher =
        new Dispatcher(ports, limits, share, schedule, clock, memory, this::newLease, mailbox);
    ports.configs().onChange(this::changed);
  }

  private void changed(Scope scope) {
    mailbox.execute(() -> dispatcher.wake(scope));
    ports.background().execute(() -> stopWatching(scope));
  }

  /** A disabled configuration begins anew when it is enabled. */
  private void stopWatching(Scope scope) {
    try {
      if (ports.configs().current(scope).filter(config -> config.status().active()).isEmpty()) {
        ports.health().stopped(scope);
      }
    } catch (RuntimeException e) {
      ports.listener().storeFailed("health", e);
    }
  }

  /** An id for a delivery that is about to be enqueued. */
  public DeliveryId nextId() {
    return ids.next();
  }

  /** Finds out what waits on disk, and begins with it. */
  public CompletionStage<Void> start() {
    return dispatcher.refresh();
  }

  /** Finds out what other processes left on disk, which is due like anything else. */
  public CompletionStage<Void> look() {
    return dispatcher.refresh();
  }

  /**
   * Stores deliveries in one commit, and takes as many of them as there is room for straight into
   * their lanes.
   *
   * @return one answer per delivery, once all are durable; fails with {@link Fault.Unavailable} if
   *     nothing was stored
   */
  public CompletionStage<List<Enqueued>> enqueue(List<NewDelivery> deliveries) {
    if (draining) {
      return CompletableFuture.failedFuture(
          new Fault.Unavailable(
              Reason.SHUTTING_DOWN, "this server is shutting down: send again", RETRY_SOON));
    }
    Instant now = clock.instant();
    Lease lease = newLease();
    List<DeliveryQueue.Entry> entries = new ArrayList<>(deliveries.size());
    for (NewDelivery delivery : deliveries) {
      entries.add(new DeliveryQueue.Entry(delivery, roomFor(delivery) ? lease : null, now));
    }
    return ports
        .queue()
        .enqueue(entries)
        .whenComplete((stored, failure) -> committed(entries, stored, failure));
  }

  /** See {@link DeliveryQueue#known}. */
  public CompletionStage<List<Optional<DeliveryId>>> known(List<DeliveryQueue.EventName> events) {
    return ports.queue().known(events);
  }

  /** A scope's deliveries changed on disk by another hand: look at them now. */
  public void wake(Scope scope) {
    mailbox.execute(() -> dispatcher.wake(scope));
  }

  /**
   * Says how many nodes live, this one among them: of {@link EngineLimits#laneInFlight} each lane
   * may use its part from its next turn on, at least 1. What is on the wire by then stays there.
   */
  public void shareWith(int nodes) {
    share.among(nodes);
  }

  /** Does what is due. To be called every few dozen milliseconds. */
  public void tick() {
    mailbox.execute(dispatcher::tick);
  }

  /**
   * Takes nothing new, gives back what it did not begin, and ends once every attempt in flight has
   * ended and is settled.
   */
  public CompletionStage<Void> drain() {
    draining = true;
    CompletableFuture<Void> drained = new CompletableFuture<>();
    mailbox.execute(() -> dispatcher.drain(drained));
    return drained;
  }

  /**
   * Gives up on a drain: what is still in flight counts as not tried, and is sent again after the
   * next start. Ends once nothing is settled any more.
   */
  public CompletionStage<Void> abandon() {
    return CompletableFuture.runAsync(dispatcher::abandon, mailbox);
  }

  /** Bytes of the memory for deliveries that are taken. */
  long memoryTaken() {
    return memory.taken();
  }

  /** The claims that are to be settled, by identity. */
  Set<Claim> unsettled() {
    return dispatcher.unsettled();
  }

  /** Whether it holds nothing and has nothing to do. */
  boolean idle() {
    return dispatcher.idle() && memory.taken() == 0;
  }

  /** Reserves memory. A delivery that waits for another one of its message stays on disk. */
  private boolean roomFor(NewDelivery delivery) {
    return !(delivery.turn() instanceof MessageOrder.After)
        && !dispatcher.isProbing(delivery.scope())
        && memory.reserve(delivery.scope(), delivery.payload());
  }

  private void committed(
      List<DeliveryQueue.Entry> entries,
      @Nullable List<Enqueued> stored,
      @Nullable Throwable failure) {
    if (stored == null || failure != null) {
      entries.stream().filter(entry -> entry.lease() != null).forEach(this::giveBack);
      return;
    }
    mailbox.execute(() -> accept(entries, stored));
  }

  private void accept(List<DeliveryQueue.Entry> entries, List<Enqueued> stored) {
    for (int i = 0; i < entries.size(); i++) {
      DeliveryQueue.Entry entry = entries.get(i);
      switch (stored.get(i)) {
        case Enqueued.Stored _ -> dispatcher.accept(entry);
        case Enqueued.Failed _ -> {
          ports.listener().eventNotStored(entry.delivery().scope());
          if (entry.lease() != null) {
            giveBack(entry);
          }
        }
        case Enqueued.Duplicate _, Enqueued.Refused _ -> {
          if (entry.lease() != null) {
            giveBack(entry);
          }
        }
      }
    }
    dispatcher.dispatch();
  }

  private void giveBack(DeliveryQueue.Entry entry) {
    memory.giveBack(entry.delivery().scope(), entry.delivery().payload());
  }

  private Lease newLease() {
    return new Lease(nextClaimId.getAndIncrement(), clock.instant().plus(limits.lease()));
  }
}
