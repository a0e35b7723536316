package dev.feedbackwebhooks.domain.delivery;

import dev.feedbackwebhooks.domain.config.Scope;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The deliveries of one scope that this process holds. Used by the engine's thread only. */
final class Lane {
  /** A lane's first claim is small: thousands of lanes may ask at once, and all of them wait. */
  private static final int FIRST_CLAIM = 4;

  /** What later claims double to: a commit's worth. */
  private static final int FULL_CLAIM = 256;

  private final Scope scope;
  private final LaneWidth width;
  private final ArrayDeque<HeldClaim> queue = new ArrayDeque<>();

  /** Everything that needs its lease renewed: queued, on the wire, and not yet settled. */
  private final Map<Long, HeldClaim> held = new HashMap<>();

  private int inFlight;
  private int nextClaim = FIRST_CLAIM;
  private @Nullable Instant nextDue;
  private boolean claiming;
  private boolean ready;
  private boolean paused;
  private boolean loading;

  Lane(Scope scope, int fullWidth) {
    this.scope = scope;
    this.width = new LaneWidth(fullWidth);
  }

  Scope scope() {
    return scope;
  }

  LaneWidth width() {
    return width;
  }

  int inFlight() {
    return inFlight;
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

  void sent() {
    inFlight++;
  }

  void answered() {
    inFlight--;
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
    List<Claim> dropped = new ArrayList<>(queue.size());
    for (HeldClaim queued : queue) {
      dropped.add(queued.claim());
      drop(queued.claim());
    }
    queue.clear();
    return dropped;
  }

  /** Takes those claims out of the queue whose lease ran out. */
  List<Claim> dropLapsed(Instant now) {
    List<Claim> lapsed = new ArrayList<>();
    for (Iterator<HeldClaim> each = queue.iterator(); each.hasNext(); ) {
      HeldClaim queued = each.next();
      if (queued.hasLapsed(now)) {
        lapsed.add(queued.claim());
        drop(queued.claim());
        each.remove();
      }
    }
    return lapsed;
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
        && inFlight == 0
        && nextDue == null
        && !claiming
        && !loading
        && !ready
        && !paused;
  }
}
