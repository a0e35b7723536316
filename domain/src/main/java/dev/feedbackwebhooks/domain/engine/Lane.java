package dev.feedbackwebhooks.domain.engine;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Claim;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The deliveries of one scope that this process holds. Used by the engine's thread only. */
final class Lane {
  /** A lane's first claim is small: thousands of lanes may ask at once, and all of them wait. */
  private static final int FIRST_CLAIM = 4;

  /** The size that claims double up to: a commit's worth. */
  private static final int FULL_CLAIM = 256;

  private final Scope scope;
  private final LaneWidth width;
  private final LaneQueue queue = new LaneQueue();

  /** Everything that needs its lease renewed: queued, on the wire, and not yet settled. */
  private final Map<Long, HeldClaim> held = new HashMap<>();

  /** On the wire, by identity: no two claims are the same. */
  private final Set<Claim> inFlight = Collections.newSetFromMap(new IdentityHashMap<>());

  private int replaysInFlight;
  private int nextClaim = FIRST_CLAIM;
  private @Nullable Instant nextDue;
  private boolean claiming;
  private boolean ready;
  private boolean paused;
  private boolean loading;

  Lane(Scope scope, LaneShare share) {
    this.scope = scope;
    this.width = new LaneWidth(share);
  }

  Scope scope() {
    return scope;
  }

  LaneWidth width() {
    return width;
  }

  int inFlight() {
    return inFlight.size();
  }

  void offer(HeldClaim claim) {
    held.put(claim.claim().id().value(), claim);
    queue.add(claim);
  }

  boolean hasQueued() {
    return !queue.isEmpty();
  }

  int queued() {
    return queue.size();
  }

  HeldClaim takeQueued() {
    return queue.remove();
  }

  /** Whether there is something that may go out: replays take half of the width at most. */
  boolean hasSendable() {
    return queue.hasFresh()
        || (!queue.isEmpty() && replaysInFlight < Math.max(1, width.width() / 2));
  }

  /**
   * Whether another request fits its width, and half of what is left: some is always left.
   *
   * @param left of all requests that may be in flight
   */
  boolean mayHaveMore(int left) {
    return inFlight.size() < Math.min(width.width(), Math.max(1, left / 2));
  }

  void sent(Claim claim) {
    inFlight.add(claim);
    replaysInFlight += claim.replayed() ? 1 : 0;
  }

  void answered(Claim claim) {
    inFlight.remove(claim);
    replaysInFlight -= claim.replayed() ? 1 : 0;
  }

  /**
   * The claims that are held and neither queued, nor on the wire, nor to be settled: nobody would
   * end them.
   *
   * @param settling by identity
   */
  List<Claim> heldByNobody(Set<Claim> settling) {
    Set<Claim> known = Collections.newSetFromMap(new IdentityHashMap<>());
    queue.forEach(queued -> known.add(queued.claim()));
    known.addAll(inFlight);
    return held.values().stream()
        .map(HeldClaim::claim)
        .filter(one -> !known.contains(one) && !settling.contains(one))
        .toList();
  }

  /** Forgets a claim, unless the same delivery was claimed anew in the meantime. */
  void drop(Claim claim) {
    HeldClaim current = held.get(claim.id().value());
    if (current != null && current.claim().claimId() == claim.claimId()) {
      held.remove(claim.id().value());
    }
  }

  /** Empties the queue, to give its claims back. */
  List<Claim> dropQueued() {
    return dropped(_ -> true);
  }

  /** Takes those claims out of the queue whose lease ran out. */
  List<Claim> dropLapsed(Instant now) {
    return dropped(queued -> queued.hasLapsed(now));
  }

  private List<Claim> dropped(Predicate<HeldClaim> asked) {
    List<Claim> dropped = queue.removeIf(asked);
    dropped.forEach(this::drop);
    return dropped;
  }

  Collection<HeldClaim> held() {
    return held.values();
  }

  /** Notes that the store has something for this lane at {@code due}. */
  void dueOnDisk(Instant due) {
    if (nextDue == null || due.isBefore(nextDue)) {
      nextDue = due;
    }
  }

  boolean hasDueOnDisk(Instant now) {
    return nextDue != null && !nextDue.isAfter(now);
  }

  void claimStarted() {
    claiming = true;
    nextDue = null;
  }

  void claimEnded() {
    claiming = false;
  }

  boolean claiming() {
    return claiming;
  }

  /** Deliveries that it may claim the next time at most. */
  int nextClaim() {
    return nextClaim;
  }

  void claimMoreNextTime() {
    nextClaim = Math.min(FULL_CLAIM, 2 * nextClaim);
  }

  /** Whether it stands in the engine's round; answers true once until {@link #left}. */
  boolean enter() {
    boolean entered = !ready;
    ready = true;
    return entered;
  }

  void left() {
    ready = false;
  }

  /** Notes that its configuration is being fetched; answers true once until {@link #loadEnded}. */
  boolean loadStarts() {
    boolean starts = !loading;
    loading = true;
    return starts;
  }

  void loadEnded() {
    loading = false;
  }

  /** Whether its configuration is disabled. */
  boolean paused() {
    return paused;
  }

  void pause(boolean pause) {
    if (paused && !pause) {
      width.ramp();
    }
    paused = pause;
  }

  /** Whether it may be forgotten. A paused one is not: it would come back at its full width. */
  boolean idle() {
    return held.isEmpty()
        && inFlight.isEmpty()
        && nextDue == null
        && !claiming
        && !loading
        && !ready
        && !paused;
  }
}
