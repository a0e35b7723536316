package dev.feedbackwebhooks.domain.delivery;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets deliveries out of their lanes, one lane after the other, and brings them to their next step.
 * All of it runs on the engine's mailbox, but for {@link #isProbing} and {@link #refresh}.
 */
final class Dispatcher {
  /** Deliveries that one claim brings at most: a commit's worth. */
  private static final int CLAIM_BATCH = 256;

  private final DeliveryEngine.Ports ports;
  private final EngineLimits limits;
  private final InstantSource clock;
  private final MemoryBudget memory;
  private final Supplier<Lease> leases;
  private final Executor mailbox;
  private final Settler settler;
  private final Map<Scope, Lane> lanes = new HashMap<>();

  /** Lanes that have something to send, in the order of their turns. */
  private final ArrayDeque<Lane> round = new ArrayDeque<>();

  private final Set<Scope> probing = ConcurrentHashMap.newKeySet();
  private int inFlight;
  private Instant nextRenewal;
  private Instant nextRefresh;
  private @Nullable CompletableFuture<Void> drained;

  Dispatcher(
      DeliveryEngine.Ports ports,
      EngineLimits limits,
      RetrySchedule schedule,
      InstantSource clock,
      MemoryBudget memory,
      Supplier<Lease> leases,
      Executor mailbox) {
    this.ports = ports;
    this.limits = limits;
    this.clock = clock;
    this.memory = memory;
    this.leases = leases;
    this.mailbox = mailbox;
    this.settler = new Settler(ports, schedule, this::settled, mailbox);
    this.nextRenewal = clock.instant().plus(renewalInterval());
    this.nextRefresh = clock.instant().plus(limits.lease());
  }

  /** Whether new deliveries of this scope had better wait on disk. For any thread. */
  boolean isProbing(Scope scope) {
    return probing.contains(scope);
  }

  /** Asks the store which lanes have something. For any thread. */
  CompletionStage<Void> refresh() {
    return ports
        .queue()
        .lanes(clock.instant())
        .thenAcceptAsync(
            due -> {
              due.forEach(lane -> lane(lane.scope()).dueOnDisk(lane.due()));
              tick();
            },
            mailbox);
  }

  /** Takes in a delivery that was just committed. */
  void accept(DeliveryQueue.Entry entry) {
    NewDelivery delivery = entry.delivery();
    Lane lane = lane(delivery.scope());
    Lease lease = entry.lease();
    if (lease == null) {
      lane.dueOnDisk(entry.now());
    } else {
      Claim claim =
          new Claim(
              delivery.id(),
              delivery.scope(),
              delivery.configId(),
              lease.claimId(),
              0,
              0,
              delivery.payload());
      lane.offer(new HeldClaim(claim, lease.until()));
    }
    enterRound(lane);
  }

  /** The configuration of a scope, or its deliveries on disk, changed. */
  void wake(Scope scope) {
    Lane lane = lane(scope);
    lane.pause(false);
    lane.dueOnDisk(clock.instant());
    enterRound(lane);
    dispatch();
  }

  void tick() {
    Instant now = clock.instant();
    settler.repeatFailed();
    if (!now.isBefore(nextRenewal)) {
      nextRenewal = now.plus(renewalInterval());
      renewLeases(now);
    }
    if (!now.isBefore(nextRefresh)) {
      nextRefresh = now.plus(limits.lease());
      refresh().exceptionally(failure -> failed("lanes", failure));
    }
    for (Iterator<Lane> each = lanes.values().iterator(); each.hasNext(); ) {
      Lane lane = each.next();
      if (lane.idle()) {
        probing.remove(lane.scope());
        each.remove();
      } else if (lane.hasDueOnDisk(now)) {
        enterRound(lane);
      }
    }
    dispatch();
  }

  /** Gives every lane its turns, one request each, until none can send more. */
  void dispatch() {
    while (!round.isEmpty() && drained == null) {
      Lane lane = round.remove();
      lane.left();
      claimMore(lane);
      if (lane.hasQueued() && maySend(lane)) {
        sendNext(lane);
        if (lane.hasQueued()) {
          enterRound(lane);
        }
      }
    }
    endDrain();
  }

  void drain(CompletableFuture<Void> whenDone) {
    drained = whenDone;
    lanes.values().forEach(this::giveBackQueued);
    endDrain();
  }

  private void enterRound(Lane lane) {
    if (lane.enter()) {
      round.add(lane);
    }
  }

  /** A lane may use half of what is left of all requests in flight: some is always left. */
  private boolean maySend(Lane lane) {
    int fair = Math.max(1, (limits.totalInFlight() - inFlight) / 2);
    return lane.inFlight() < Math.min(lane.width().width(), fair);
  }

  private void sendNext(Lane lane) {
    HeldClaim held = lane.takeQueued();
    Claim claim = held.claim();
    Instant now = clock.instant();
    if (!held.until().isAfter(now)) {
      // Its lease ran out while this process stood still: it may be in other hands by now.
      settled(new Settlement(claim, null, new NextStep.RetryAt(now), now));
      return;
    }
    Optional<WebhookConfig> config = ports.configs().current(claim.scope());
    if (config.isEmpty() || config.get().id() != claim.configId()) {
      settler.cancel(claim, Delivery.CANCELLED_REASON, now);
    } else if (!config.get().status().active()) {
      lane.pause(true);
      giveBack(lane, List.of(claim));
      giveBackQueued(lane);
    } else {
      post(lane, claim, config.get(), now);
    }
  }

  private void post(Lane lane, Claim claim, WebhookConfig config, Instant start) {
    lane.sent();
    inFlight++;
    ports
        .sender()
        .send(new FeedbackSender.Post(config, claim.id(), claim.nextAttempt(), claim.payload()))
        .exceptionally(Dispatcher::ourFault)
        .thenAcceptAsync(result -> answered(lane, claim, start, result), mailbox);
  }

  private static AttemptResult ourFault(Throwable bug) {
    return new AttemptResult.Retryable(
        AttemptFailure.INTERNAL, 0, null, "internal error: " + bug.getClass().getSimpleName());
  }

  private void answered(Lane lane, Claim claim, Instant start, AttemptResult result) {
    Instant now = clock.instant();
    lane.answered();
    inFlight--;
    adjustWidth(lane, result);
    Duration took = Duration.between(start, now);
    settler.settle(
        claim,
        new Attempt(claim.nextAttempt(), start, took.isNegative() ? Duration.ZERO : took, result),
        now);
    enterRound(lane);
    dispatch();
  }

  private void adjustWidth(Lane lane, AttemptResult result) {
    boolean wasFull = lane.width().isFull();
    lane.width().ended(result);
    if (lane.width().isProbe() && probing.add(lane.scope())) {
      giveBackQueued(lane);
      ports.listener().laneShrunk(lane.scope());
    } else if (!lane.width().isProbe()) {
      probing.remove(lane.scope());
      if (!wasFull && lane.width().isFull()) {
        ports.listener().laneReopened(lane.scope());
      }
    }
  }

  /** A claim is over, on disk as well: its memory is free, and a retry has its time. */
  private void settled(Settlement settlement) {
    Claim claim = settlement.claim();
    Lane lane = lane(claim.scope());
    lane.drop(claim);
    memory.giveBack(claim.scope(), claim.payload());
    if (settlement.next() instanceof NextStep.RetryAt(Instant at)) {
      lane.dueOnDisk(at);
    }
    if (lane.hasDueOnDisk(clock.instant())) {
      enterRound(lane);
      dispatch();
    }
    endDrain();
  }

  private void claimMore(Lane lane) {
    Instant now = clock.instant();
    int wanted = Math.min(CLAIM_BATCH, 4 * lane.width().width()) - lane.queued();
    long bytes = memory.claimable(lane.scope());
    if (lane.paused() || lane.claiming() || !lane.hasDueOnDisk(now) || wanted <= 0 || bytes <= 0) {
      return;
    }
    lane.claimStarted();
    Lease lease = leases.get();
    // Without a configuration all of them are cancelled, the ones that are due later as well.
    Instant due = ports.configs().current(lane.scope()).isPresent() ? now : Instant.MAX;
    ports
        .queue()
        .claimDue(lane.scope(), new DeliveryQueue.Room(wanted, bytes), due, lease)
        .whenCompleteAsync((claimed, failure) -> claimed(lane, lease, claimed, failure), mailbox);
  }

  private void claimed(
      Lane lane,
      Lease lease,
      DeliveryQueue.@Nullable Claimed claimed,
      @Nullable Throwable failure) {
    lane.claimEnded();
    if (claimed == null) {
      lane.dueOnDisk(clock.instant().plusSeconds(1));
      failed("claim", failure == null ? new IllegalStateException("no claims") : failure);
      return;
    }
    for (Claim claim : claimed.claims()) {
      memory.take(claim.scope(), claim.payload());
      lane.offer(new HeldClaim(claim, lease.until()));
    }
    if (claimed.nextDue() != null) {
      lane.dueOnDisk(claimed.nextDue());
    }
    if (drained != null) {
      giveBackQueued(lane);
    }
    enterRound(lane);
    dispatch();
  }

  private void giveBackQueued(Lane lane) {
    giveBack(lane, lane.dropQueued());
  }

  private void giveBack(Lane lane, List<Claim> claims) {
    if (claims.isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    settler.release(claims, now);
    claims.forEach(lane::drop);
    claims.forEach(claim -> memory.giveBack(claim.scope(), claim.payload()));
    if (!lane.paused()) {
      lane.dueOnDisk(now);
    }
  }

  private void renewLeases(Instant now) {
    Instant until = now.plus(limits.lease());
    Instant soon = until.minus(renewalInterval());
    List<HeldClaim> ending = new ArrayList<>();
    for (Lane lane : lanes.values()) {
      lane.held().stream().filter(held -> held.until().isBefore(soon)).forEach(ending::add);
    }
    if (!ending.isEmpty()) {
      ports
          .queue()
          .extend(ending.stream().map(HeldClaim::claim).toList(), until)
          .thenRun(() -> ending.forEach(held -> held.extendedTo(until)))
          .exceptionally(failure -> failed("extend", failure));
    }
  }

  private Duration renewalInterval() {
    return limits.lease().dividedBy(3);
  }

  private Lane lane(Scope scope) {
    return lanes.computeIfAbsent(scope, key -> new Lane(key, limits.laneInFlight()));
  }

  private void endDrain() {
    if (drained != null && inFlight == 0 && settler.nothingOpen()) {
      drained.complete(null);
    }
  }

  private @Nullable Void failed(String operation, Throwable failure) {
    ports.listener().queueFailed(operation, failure);
    return null;
  }
}
