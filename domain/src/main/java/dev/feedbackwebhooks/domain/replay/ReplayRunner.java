package dev.feedbackwebhooks.domain.replay;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.engine.DeliveryEngine;
import dev.feedbackwebhooks.domain.node.JobLease;
import dev.feedbackwebhooks.domain.node.JobLeases;
import dev.feedbackwebhooks.domain.node.Recurrence;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out replays, a step of each at a time, no faster than each one's plan says. What it keeps
 * in memory follows from the store: a process that dies goes on after its next start where the last
 * step that was committed ended, or another process on the same store does at once.
 */
public final class ReplayRunner {
  /** The time that a replay stays listed after its end. */
  public static final Duration KEPT = Duration.ofDays(30);

  private static final Duration CLEAN_UP = Duration.ofHours(1);

  /** Between two looks at what other processes began, took further or ended. */
  static final Duration LOOK = Duration.ofSeconds(1);

  /**
   * The ports that the runner works with.
   *
   * @param background runs what blocks
   */
  public record Ports(
      ReplayStore store, JobLeases duties, ReplayListener listener, Executor background) {}

  private final Ports ports;
  private final DeliveryEngine engine;
  private final InstantSource clock;
  private final Map<ReplayId, ReplayRun> runs = new ConcurrentHashMap<>();
  private final JobLease cleaner;
  private final Recurrence cleanUps = new Recurrence(CLEAN_UP, Instant.EPOCH);
  private final Recurrence looks = new Recurrence(LOOK, Instant.EPOCH);
  private final AtomicBoolean looking = new AtomicBoolean();
  private volatile boolean stopped;

  public ReplayRunner(Ports ports, DeliveryEngine engine, InstantSource clock) {
    this.ports = ports;
    this.engine = engine;
    this.clock = clock;
    this.cleaner = duty("replays");
  }

  private JobLease duty(String name) {
    return new JobLease(
        ports.duties(), name, failure -> ports.listener().storeFailed("duty", failure));
  }

  private JobLease duty(Replay replay) {
    return duty("replay " + replay.id().text());
  }

  /** Takes up the replays that run. Blocks its caller. */
  public void start() {
    look();
  }

  /** Does what is due. To be called every few dozen milliseconds, by one thread. */
  public void tick() {
    if (stopped) {
      return;
    }
    Instant now = clock.instant();
    int ours = 0;
    boolean waits = false;
    for (ReplayRun run : runs.values()) {
      if (run.isOurs(now)) {
        ours++;
        if (run.standsBy()) {
          waits = true;
        } else {
          step(run, now);
        }
      }
    }
    ports.listener().replaysRunning(ours);
    lookSoon(waits, now);
    if (cleaner.isOurs(now) && cleanUps.isDue(now)) {
      var _ =
          ports
              .duties()
              .now(now)
              .thenCompose(at -> ports.store().forget(at.minus(KEPT)))
              .exceptionally(this::failed);
    }
  }

  /**
   * @param waits whether a run may go on once it is known how it stands
   */
  private void lookSoon(boolean waits, Instant now) {
    if ((looks.isDue(now) || waits) && looking.compareAndSet(false, true)) {
      ports.background().execute(this::lookGuarded);
    }
  }

  private void lookGuarded() {
    try {
      look();
    } catch (RuntimeException e) {
      var _ = failed(e);
    } finally {
      looking.set(false);
    }
  }

  /** Learns from the store what other processes did. */
  private void look() {
    Instant now = clock.instant();
    Map<ReplayId, ReplayRun> known = Map.copyOf(runs);
    Set<ReplayRun> ours = new HashSet<>();
    for (ReplayRun run : known.values()) {
      if (run.isOurs(now)) {
        ours.add(run);
      } else {
        run.standBy();
      }
    }
    List<Replay> running = ports.store().running();
    running.forEach(replay -> found(replay, now).seen(replay));
    ours.forEach(ReplayRun::takeOver);
    Set<ReplayId> gone = new HashSet<>(known.keySet());
    running.forEach(replay -> gone.remove(replay.id()));
    gone.forEach(this::gone);
  }

  private ReplayRun found(Replay replay, Instant now) {
    return runs.computeIfAbsent(replay.id(), _ -> ReplayRun.found(replay, duty(replay), now));
  }

  /** It runs no more. One that was removed was over before. */
  private void gone(ReplayId id) {
    ReplayRun run = runs.get(id);
    if (run != null) {
      Replay last = run.replay();
      ended(
          ports
              .store()
              .find(last.scope(), id)
              .orElseGet(() -> last.ended(ReplayState.CANCELLED, clock.instant())));
    }
  }

  /** Begins no further step, and lets other processes go on. */
  public void stop() {
    stopped = true;
    cleaner.leave();
    runs.values().forEach(ReplayRun::leave);
  }

  /** One that just began. */
  void add(Replay replay) {
    ReplayRun run = ReplayRun.begun(replay, duty(replay), clock.instant());
    var _ = runs.putIfAbsent(replay.id(), run);
  }

  private void step(ReplayRun run, Instant now) {
    if (!run.stepBegins()) {
      return;
    }
    int allowed = run.allowed(now);
    if (allowed == 0) {
      run.stepEnds();
      return;
    }
    var _ =
        ports
            .store()
            .step(run.replay(), allowed, now)
            .whenComplete((replay, failure) -> stepped(run, replay, failure));
  }

  private void stepped(ReplayRun run, @Nullable Replay replay, @Nullable Throwable failure) {
    if (replay == null || failure != null) {
      var _ = failed(failure == null ? new IllegalStateException("no replay") : failure);
      run.putOff(clock.instant());
    } else {
      long queued = replay.tally().replayed() - run.replay().tally().replayed();
      if (queued > 0) {
        ports.listener().replayed(queued);
        engine.wake(replay.scope());
      }
      run.advanced(replay);
      ended(replay);
    }
    run.stepEnds();
  }

  private @Nullable Integer failed(Throwable failure) {
    ports.listener().storeFailed("replay", failure);
    return null;
  }

  /** Lets go of one that is over. */
  void ended(Replay replay) {
    ReplayRun run = replay.over() ? runs.remove(replay.id()) : null;
    if (run != null) {
      run.ended(replay);
    }
  }

  /**
   * The replay once it is over, whoever carries it out, or after {@code most}.
   *
   * @param current reads it
   */
  CompletionStage<Replay> awaitEnd(
      Scope scope, ReplayId id, Duration most, Supplier<Replay> current) {
    ReplayRun run = runs.get(id);
    if (run == null || !run.replay().scope().equals(scope)) {
      Replay now = current.get();
      if (now.over()) {
        return CompletableFuture.completedFuture(now);
      }
      run = found(now, clock.instant());
    }
    return run.awaitEnd(most);
  }
}
