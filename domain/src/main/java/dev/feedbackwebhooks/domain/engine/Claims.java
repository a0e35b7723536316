package dev.feedbackwebhooks.domain.engine;

import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.node.Recurrence;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The deliveries that this process has claimed: takes as many as there is room for, keeps their
 * leases, and gives back what it will not send. Used by the engine's thread only.
 */
final class Claims {
  /**
   * Claims that may be with the store at one time. What they bring is known once they return only,
   * and may be as much as the largest payload for each more than the memory that was taken for it.
   */
  private static final int MOST_OPEN = 32;

  private final EnginePorts ports;
  private final InstantSource clock;
  private final MemoryBudget memory;
  private final Supplier<Lease> leases;
  private final Duration lease;
  private final Settler settler;
  private final BooleanSupplier draining;
  private final Consumer<Lane> changed;
  private final Executor mailbox;
  private final Recurrence renewals;

  /** Lanes that wait for others' claims to return. */
  private final LinkedHashSet<Lane> postponed = new LinkedHashSet<>();

  private int open;

  /**
   * @param draining whether what is claimed goes straight back
   * @param changed hears of a lane that has more to send, or may claim again
   */
  Claims(
      EnginePorts ports,
      InstantSource clock,
      MemoryBudget memory,
      Supplier<Lease> leases,
      Duration lease,
      Settler settler,
      BooleanSupplier draining,
      Consumer<Lane> changed,
      Executor mailbox) {
    this.ports = ports;
    this.clock = clock;
    this.memory = memory;
    this.leases = leases;
    this.lease = lease;
    this.settler = settler;
    this.draining = draining;
    this.changed = changed;
    this.mailbox = mailbox;
    this.renewals = new Recurrence(renewalInterval(), clock.instant().plus(renewalInterval()));
  }

  /**
   * Claims what is due in a lane, if there is something and room for it.
   *
   * @param orphaned whether its configuration is gone, so that all of them are to be cancelled, the
   *     ones that are due later as well
   */
  void claimMore(Lane lane, boolean orphaned) {
    Instant now = clock.instant();
    int most = Math.min(lane.nextClaim(), 4 * lane.width().width());
    if (lane.paused() || lane.claiming() || !lane.hasDueOnDisk(now) || 2 * lane.queued() > most) {
      return;
    }
    if (open >= MOST_OPEN) {
      postponed.add(lane);
      return;
    }
    DeliveryQueue.Room room = memory.reserve(lane.scope(), most - lane.queued());
    if (room == null) {
      return;
    }
    postponed.remove(lane);
    open++;
    lane.claimStarted();
    Lease terms = leases.get();
    Instant dueBy = orphaned ? Instant.MAX : now;
    ports
        .queue()
        .claimDue(lane.scope(), room, dueBy, terms)
        .whenCompleteAsync(
            (claimed, failure) -> {
              open--;
              claimed(lane, new Asked(room, dueBy, terms), claimed, failure);
              claimForPostponed();
              changed.accept(lane);
            },
            mailbox);
  }

  private record Asked(DeliveryQueue.Room room, Instant dueBy, Lease terms) {}

  /** Before the lane that had its turn: it may want another one at once. */
  private void claimForPostponed() {
    for (int n = postponed.size(); n > 0 && open < MOST_OPEN; n--) {
      changed.accept(postponed.removeFirst());
    }
  }

  private void claimed(
      Lane lane,
      Asked asked,
      DeliveryQueue.@Nullable Claimed claimed,
      @Nullable Throwable failure) {
    lane.claimEnded();
    memory.claimed(lane.scope(), asked.room(), claimed == null ? List.of() : claimed.claims());
    if (claimed == null) {
      lane.dueOnDisk(clock.instant().plusSeconds(1));
      ports
          .listener()
          .storeFailed("claim", failure == null ? new IllegalStateException("no claims") : failure);
      return;
    }
    for (Claim claim : claimed.claims()) {
      lane.offer(new HeldClaim(claim, asked.terms().until()));
    }
    Instant next = claimed.nextDue();
    if (next != null) {
      lane.dueOnDisk(next.isAfter(asked.dueBy()) ? next : clock.instant());
    }
    if (lane.hasDueOnDisk(clock.instant())) {
      lane.claimMoreNextTime();
    }
    if (draining.getAsBoolean()) {
      giveBackQueued(lane);
    }
  }

  void giveBackQueued(Lane lane) {
    giveBack(lane, lane.dropQueued());
  }

  /** Lets go of claims, untried: they are due again at once. */
  void giveBack(Lane lane, List<Claim> claims) {
    if (claims.isEmpty()) {
      return;
    }
    Instant now = clock.instant();
    settler.release(claims, now);
    letGo(lane, claims);
    if (!lane.paused()) {
      lane.dueOnDisk(now);
    }
  }

  private void letGo(Lane lane, List<Claim> claims) {
    claims.forEach(lane::drop);
    claims.forEach(claim -> memory.giveBack(claim.scope(), claim.payload()));
  }

  /**
   * Renews, every third of a lease, those leases that would end before the next time. What lapsed
   * before it was sent, while this process stood still, may be in other hands by now. What no part
   * of the engine would ever end is not renewed but given back.
   */
  void keep(Collection<Lane> lanes) {
    Instant now = clock.instant();
    if (!renewals.isDue(now)) {
      return;
    }
    giveBackLost(lanes, now);
    Instant until = now.plus(lease);
    Instant soon = until.minus(renewalInterval());
    List<HeldClaim> ending = new ArrayList<>();
    for (Lane lane : lanes) {
      letGo(lane, lane.dropLapsed(now));
      lane.held().stream().filter(held -> held.until().isBefore(soon)).forEach(ending::add);
    }
    if (!ending.isEmpty()) {
      var _ =
          new Halves<HeldClaim>(
                  part -> extend(part, until),
                  failure -> ports.listener().storeFailed("extend", failure))
              .each(ending);
    }
  }

  private CompletionStage<@Nullable Void> extend(List<HeldClaim> part, Instant until) {
    return ports
        .queue()
        .extend(part.stream().map(HeldClaim::claim).toList(), until)
        .thenApply(_ -> {
          part.forEach(held -> held.extended(until, clock.instant()));
          return null;
        });
  }

  /** That there are any is a bug, which must not keep a delivery from being sent. */
  private void giveBackLost(Collection<Lane> lanes, Instant now) {
    Set<Claim> settling = settler.unsettled();
    for (Lane lane : lanes) {
      List<Claim> lost = lane.heldByNobody(settling);
      if (!lost.isEmpty()) {
        letGo(lane, lost);
        // It may have been sent, and would be lost again at once if that is how it came to it.
        settler.release(lost, now.plus(lease));
        lane.dueOnDisk(now.plus(lease));
        lost.forEach(ports.listener()::claimLost);
      }
    }
  }

  private Duration renewalInterval() {
    return lease.dividedBy(3);
  }
}
