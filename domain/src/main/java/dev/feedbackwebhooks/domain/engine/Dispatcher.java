package dev.feedbackwebhooks.domain.engine;

import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.attempt.NextStep;
import dev.feedbackwebhooks.domain.attempt.RetrySchedule;
import dev.feedbackwebhooks.domain.config.Configs.Known;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.LaneDue;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.delivery.Settlement;
import dev.feedbackwebhooks.domain.node.Recurrence;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets deliveries out of their lanes, one lane after the other, and brings them to their next step.
 * All of it runs on the engine's mailbox, but for {@link #isProbing} and {@link #refresh}.
 */
final class Dispatcher {
  private final EnginePorts ports;
  private final EngineLimits limits;
  private final LaneShare share;
  private final InstantSource clock;
  private final MemoryBudget memory;
  private final Mailbox mailbox;
  private final Settler settler;
  private final Claims claims;
  private final Map<Scope, Lane> lanes = new HashMap<>();

  /** Lanes that have something to send, in the order of their turns. */
  private final ArrayDeque<Lane> round = new ArrayDeque<>();

  /** Lanes that wait for others' requests to end, because the bound on all of them is reached. */
  private final ArrayDeque<Lane> parked = new ArrayDeque<>();

  private final Set<Scope> probing = ConcurrentHashMap.newKeySet();
  private boolean dispatching;
  private int inFlight;
  private boolean abandoned;
  private final Recurrence refreshes;
  private final LoadReport report = new LoadReport();
  private @Nullable CompletableFuture<Void> drained;

  Dispatcher(
      EnginePorts ports,
      EngineLimits limits,
      LaneShare share,
      RetrySchedule schedule,
      InstantSource clock,
      MemoryBudget memory,
      Supplier<Lease> leases,
      Mailbox mailbox) {
    this.ports = ports;
    this.limits = limits;
    this.share = share;
    this.clock = clock;
    this.memory = memory;
    this.mailbox = mailbox;
    this.settler = new Settler(ports, schedule, clock, this::settled, this::givenUp, mailbox);
    this.claims =
        new Claims(
            ports,
            clock,
            memory,
            leases,
            limits.lease(),
            settler,
            () -> drained != null,
            this::changed,
            mailbox);
    this.refreshes = new Recurrence(limits.lease(), clock.instant().plus(limits.lease()));
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
              due.forEach(this::foundOnDisk);
              tick();
            },
            mailbox);
  }

  /** A lane that was found on disk, after a start for example: its requests begin at a ramp. */
  private void foundOnDisk(LaneDue found) {
    boolean known = lanes.containsKey(found.scope());
    Lane lane = lane(found.scope());
    if (!known) {
      lane.width().ramp();
    }
    lane.dueOnDisk(found.due());
  }

  /** Takes in a delivery that was just committed. */
  void accept(DeliveryQueue.Entry entry) {
    NewDelivery delivery = entry.delivery();
    Lane lane = lane(delivery.scope());
    Lease lease = entry.lease();
    if (lease == null) {
      lane.dueOnDisk(entry.now());
    } else {
      lane.offer(new HeldClaim(Claim.of(delivery, lease), lease.until()));
    }
    enterRound(lane);
  }

  /** The configuration of a scope, or its deliveries on disk, changed. */
  void wake(Scope scope) {
    Lane lane = lane(scope);
    lane.pause(false);
    lane.dueOnDisk(clock.instant());
    changed(lane);
  }

  void tick() {
    Instant now = clock.instant();
    settler.repeatFailed();
    claims.keep(lanes.values());
    report.tell(now, lanes.values(), memory, settler.overdue(), ports.listener());
    if (refreshes.isDue(now)) {
      refresh().exceptionally(failure -> failed("lanes", failure));
    }
    for (Iterator<Lane> each = lanes.values().iterator(); each.hasNext(); ) {
      Lane lane = each.next();
      if (lane.idle()) {
        probing.remove(lane.scope());
        each.remove();
      } else if (lane.hasDueOnDisk(now) || lane.hasQueued()) {
        enterRound(lane);
      }
    }
    dispatch();
  }

  /**
   * Gives every lane its turns, one request each, until none can send more. What a turn sets off
   * may call this again: the loop that runs then sees to it.
   */
  void dispatch() {
    if (dispatching) {
      return;
    }
    dispatching = true;
    try {
      for (Lane lane = next(); lane != null; lane = next()) {
        lane.left();
        turn(lane);
      }
    } finally {
      dispatching = false;
    }
    endDrain();
  }

  /** The next lane: one that waits for others' requests to end comes first. */
  private @Nullable Lane next() {
    if (drained != null) {
      return null;
    }
    Lane lane = inFlight < limits.totalInFlight() ? parked.poll() : null;
    return lane == null ? round.poll() : lane;
  }

  /** This thread must not wait for the store: what is not in memory is fetched behind its back. */
  private void turn(Lane lane) {
    switch (ports.configs().known(lane.scope())) {
      case Known.As(Optional<WebhookConfig> config) -> {
        claims.claimMore(lane, config.isEmpty());
        takeTurn(lane, config);
      }
      case Known.NotYet _ -> {
        if (lane.loadStarts()) {
          ports.background().execute(() -> load(lane));
        }
      }
    }
  }

  private void takeTurn(Lane lane, Optional<WebhookConfig> config) {
    if (!lane.hasSendable() || !lane.mayHaveMore(limits.totalInFlight() - inFlight)) {
      return;
    }
    if (inFlight >= limits.totalInFlight()) {
      if (lane.enter()) {
        parked.add(lane);
      }
      return;
    }
    sendNext(lane, config);
    if (lane.hasSendable()) {
      enterRound(lane);
    }
  }

  private void load(Lane lane) {
    try {
      var _ = ports.configs().current(lane.scope());
      mailbox.execute(() -> {
        lane.loadEnded();
        changed(lane);
      });
    } catch (RuntimeException | Error e) {
      // The next tick tries again, for as long as the lane has something.
      failed("configuration", e);
      mailbox.execute(lane::loadEnded);
    }
  }

  private void changed(Lane lane) {
    enterRound(lane);
    dispatch();
  }

  /** Answers that come from now on count for nothing: their deliveries are sent again. */
  void abandon() {
    abandoned = true;
  }

  void drain(CompletableFuture<Void> whenDone) {
    drained = whenDone;
    lanes.values().forEach(claims::giveBackQueued);
    endDrain();
  }

  private void enterRound(Lane lane) {
    if (lane.enter()) {
      round.add(lane);
    }
  }

  private void sendNext(Lane lane, Optional<WebhookConfig> config) {
    Instant now = clock.instant();
    HeldClaim held = lane.takeQueued();
    Claim claim = held.claim();
    if (held.hasLapsed(now)) {
      // Its lease ran out while this process stood still: it may be in other hands by now.
      over(lane, claim, now);
    } else if (config.isEmpty() || config.get().id() != claim.configId()) {
      settler.cancel(claim, Delivery.CANCELLED_REASON, now);
    } else if (!config.get().status().active()) {
      lane.pause(true);
      claims.giveBack(lane, List.of(claim));
      claims.giveBackQueued(lane);
    } else {
      post(lane, claim, config.get(), now);
    }
  }

  private void post(Lane lane, Claim claim, WebhookConfig config, Instant start) {
    lane.sent(claim);
    inFlight++;
    var _ =
        send(claim.postBy(config))
            .exceptionally(FeedbackSender.Sent::ourFault)
            .thenAcceptAsync(
                sent -> answered(lane, claim, config, start, sent), mailbox::executeHere)
            .exceptionally(bug -> failed("engine", bug));
  }

  private CompletionStage<FeedbackSender.Sent> send(FeedbackSender.Post post) {
    try {
      return ports.sender().send(post);
    } catch (RuntimeException bug) {
      return CompletableFuture.failedFuture(bug);
    }
  }

  private void answered(
      Lane lane, Claim claim, WebhookConfig config, Instant start, FeedbackSender.Sent sent) {
    if (abandoned) {
      return;
    }
    Instant now = clock.instant();
    lane.answered(claim);
    inFlight--;
    adjustWidth(lane, sent.result());
    Duration took = Duration.between(start, now);
    Attempt attempt =
        new Attempt(
            claim.nextAttempt(),
            start,
            took.isNegative() ? Duration.ZERO : took,
            unlessMoved(sent.result(), config),
            sent.detail(),
            null);
    settler.settle(claim, attempt, config, now);
    changed(lane);
  }

  /** A 410 Gone of an earlier URL does not disable the configuration that has another one now. */
  private AttemptResult unlessMoved(AttemptResult result, WebhookConfig sent) {
    if (result instanceof AttemptResult.Refused refused && refused.gone() && !stillSent(sent)) {
      return new AttemptResult.Retryable(
          AttemptFailure.HTTP_STATUS,
          refused.httpStatus(),
          null,
          refused.detail() + " from an earlier URL");
    }
    return result;
  }

  /** Whether the configuration still sends like that. One that is not cached has just changed. */
  private boolean stillSent(WebhookConfig sent) {
    return ports.configs().known(sent.scope()) instanceof Known.As(var now)
        && now.filter(config -> !config.sendsLike(sent)).isEmpty();
  }

  private void adjustWidth(Lane lane, AttemptResult result) {
    boolean wasFull = lane.width().isFull();
    lane.width().ended(result);
    if (lane.width().isProbe() && probing.add(lane.scope())) {
      claims.giveBackQueued(lane);
      ports.listener().laneShrunk(lane.scope());
    } else if (!lane.width().isProbe()) {
      probing.remove(lane.scope());
      if (!wasFull && lane.width().isFull()) {
        ports.listener().laneReopened(lane.scope());
      }
    }
  }

  /** A claim is over, on disk as well; a retry has its time. */
  private void settled(Settlement settlement) {
    Lane lane = lane(settlement.claim().scope());
    over(lane, settlement.claim(), nextDue(settlement));
    if (lane.hasDueOnDisk(clock.instant())) {
      changed(lane);
    }
    endDrain();
  }

  /** Nothing could be written of a claim: its lease is renewed no more. */
  private void givenUp(Claim claim) {
    over(lane(claim.scope()), claim, null);
    endDrain();
  }

  /** When there is something due of its lane: itself, or those that waited for it. */
  private @Nullable Instant nextDue(Settlement settlement) {
    if (settlement.next() instanceof NextStep.RetryAt(Instant at)) {
      return at;
    }
    return settlement.claim().leads() == null ? null : clock.instant();
  }

  /** This process has nothing to do with a claim any more: its memory is free. */
  private void over(Lane lane, Claim claim, @Nullable Instant due) {
    lane.drop(claim);
    memory.giveBack(claim.scope(), claim.payload());
    if (due != null) {
      lane.dueOnDisk(due);
    }
  }

  private Lane lane(Scope scope) {
    return lanes.computeIfAbsent(scope, key -> new Lane(key, share));
  }

  /** Whether it has no lane, no request and nothing to settle. */
  boolean idle() {
    return lanes.isEmpty()
        && probing.isEmpty()
        && round.isEmpty()
        && parked.isEmpty()
        && inFlight == 0
        && settler.nothingOpen();
  }

  Set<Claim> unsettled() {
    return settler.unsettled();
  }

  private void endDrain() {
    if (drained != null && inFlight == 0 && settler.nothingOpen()) {
      drained.complete(null);
    }
  }

  private @Nullable Void failed(String operation, Throwable failure) {
    ports.listener().storeFailed(operation, failure);
    return null;
  }
}
