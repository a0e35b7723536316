package dev.feedbackwebhooks.domain.replay;

import dev.feedbackwebhooks.domain.node.JobLease;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A replay that runs, and how much it may queue. Each process knows of it, and one carries it out:
 * the others stand by, should that one be lost.
 */
final class ReplayRun {
  private static final long SECOND_NANOS = 1_000_000_000;

  /** The longest time that unused rate is saved up. */
  private static final Duration BURST = Duration.ofMillis(100);

  private final AtomicBoolean busy = new AtomicBoolean();

  /** The callers that wait for the end. */
  private final Map<Object, CompletableFuture<Replay>> waiting = new ConcurrentHashMap<>();

  private final JobLease duty;

  private volatile Replay replay;

  /** Whether somebody else may have taken it further than is known here. */
  private volatile boolean standsBy;

  /** Until when its rate is used up. This is touched by whoever made {@link #busy} true. */
  private Instant spentUntil;

  /** From now on it earns what it may queue: a process that dies and comes back gives no more. */
  private ReplayRun(Replay replay, JobLease duty, boolean standsBy, Instant now) {
    this.replay = replay;
    this.duty = duty;
    this.standsBy = standsBy;
    this.spentUntil = now;
  }

  /** One that begins, in this process if no other one is faster. */
  static ReplayRun begun(Replay replay, JobLease duty, Instant now) {
    return new ReplayRun(replay, duty, false, now);
  }

  /** One that was found running. */
  static ReplayRun found(Replay replay, JobLease duty, Instant now) {
    return new ReplayRun(replay, duty, true, now);
  }

  Replay replay() {
    return replay;
  }

  /** The replay at its end, or after {@code most}. */
  CompletionStage<Replay> awaitEnd(Duration most) {
    Object who = new Object();
    CompletableFuture<Replay> end = new CompletableFuture<>();
    waiting.put(who, end);
    if (replay.over()) {
      end.complete(replay);
    }
    return end.orTimeout(most.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(_ -> replay)
        .whenComplete((_, _) -> waiting.remove(who));
  }

  /** Whether it is this process that carries it out. Asks for that: see {@link JobLease}. */
  boolean isOurs(Instant now) {
    return duty.isOurs(now);
  }

  boolean standsBy() {
    return standsBy;
  }

  /** Another process may be about to take it further. */
  void standBy() {
    standsBy = true;
  }

  /** Takes the replay's state on disk, whoever carries it out. */
  void seen(Replay found) {
    if (standsBy) {
      replay = found;
    }
  }

  /** This process has it, and what was seen of it since is all there is. */
  void takeOver() {
    standsBy = false;
  }

  /** Begins no further step, and lets another process have it. */
  void leave() {
    duty.leave();
  }

  /** It is over, by whatever hand. */
  void ended(Replay end) {
    leave();
    replay = end;
    waiting.values().forEach(each -> each.complete(end));
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
