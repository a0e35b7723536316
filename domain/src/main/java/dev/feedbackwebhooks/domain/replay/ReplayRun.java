package dev.feedbackwebhooks.domain.replay;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** A replay that is under way in this process, and how much it may queue. */
final class ReplayRun {
  private static final long SECOND_NANOS = 1_000_000_000;

  /** What was not used up does not mount up for longer. */
  private static final Duration BURST = Duration.ofMillis(100);

  private final AtomicBoolean busy = new AtomicBoolean();
  private final CompletableFuture<Replay> end = new CompletableFuture<>();
  private volatile Replay replay;

  /** Until when its rate is used up. This is touched by whoever made {@link #busy} true. */
  private Instant spentUntil;

  /** From now on it earns what it may queue: a process that dies and comes back gives no more. */
  ReplayRun(Replay replay, Instant now) {
    this.replay = replay;
    this.spentUntil = now;
  }

  Replay replay() {
    return replay;
  }

  CompletableFuture<Replay> end() {
    return end;
  }

  /** Answers true once until {@link #stepEnds}. */
  boolean stepBegins() {
    return busy.compareAndSet(false, true);
  }

  void stepEnds() {
    busy.set(false);
  }

  /** Deliveries that it may queue now. */
  int allowed(Instant now) {
    Instant earliest = now.minus(burst());
    if (spentUntil.isBefore(earliest)) {
      spentUntil = earliest;
    } else if (spentUntil.isAfter(now.plusSeconds(1))) {
      // The clock was set back.
      spentUntil = now;
    }
    long earned = Duration.between(spentUntil, now).toNanos() * perSecond() / SECOND_NANOS;
    return Math.clamp(earned, 0, ReplayStore.MOST_QUEUED);
  }

  private Duration burst() {
    Duration one = Duration.ofNanos(SECOND_NANOS / perSecond() + 1);
    return one.compareTo(BURST) > 0 ? one : BURST;
  }

  private int perSecond() {
    return replay.plan().perSecond();
  }

  /** Takes down how it stands after a step. */
  void advanced(Replay next) {
    long queued = next.tally().replayed() - replay.tally().replayed();
    spentUntil = spentUntil.plusNanos(queued * SECOND_NANOS / perSecond());
    replay = next;
  }

  /** Nothing is asked of the store for a second. */
  void putOff(Instant now) {
    spentUntil = now.plusSeconds(1);
  }
}
