package dev.feedbackwebhooks.domain.replay;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.DeliveryEngine;
import dev.feedbackwebhooks.domain.delivery.DeliveryListener;
import dev.feedbackwebhooks.domain.delivery.Recurrence;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out replays, a step of each at a time, no faster than each one's plan says. What it keeps
 * in memory follows from the store: a process that dies goes on after its next start where the last
 * step that was committed ended.
 */
public final class ReplayRunner {
  /** How long a replay that is over stays listed, from its end. */
  public static final Duration KEPT = Duration.ofDays(30);

  private static final Duration CLEAN_UP = Duration.ofHours(1);

  private final ReplayStore store;
  private final DeliveryEngine engine;
  private final DeliveryListener listener;
  private final InstantSource clock;
  private final Map<ReplayId, ReplayRun> runs = new ConcurrentHashMap<>();
  private final Recurrence cleanUps = new Recurrence(CLEAN_UP, Instant.EPOCH);
  private volatile boolean stopped;

  public ReplayRunner(
      ReplayStore store, DeliveryEngine engine, DeliveryListener listener, InstantSource clock) {
    this.store = store;
    this.engine = engine;
    this.listener = listener;
    this.clock = clock;
  }

  /** Takes up the replays that were running when the last process ended. Blocks its caller. */
  public void start() {
    store.running().forEach(this::add);
  }

  /** Does what is due. To be called every few dozen milliseconds, by one thread. */
  public void tick() {
    if (stopped) {
      return;
    }
    Instant now = clock.instant();
    listener.replaysRunning(runs.size());
    runs.values().forEach(run -> step(run, now));
    if (cleanUps.isDue(now)) {
      var _ = store.forget(now.minus(KEPT)).exceptionally(this::failed);
    }
  }

  /** Begins no further step. */
  public void stop() {
    stopped = true;
  }

  void add(Replay replay) {
    runs.put(replay.id(), new ReplayRun(replay, clock.instant()));
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
        store
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
        listener.replayed(queued);
        engine.wake(replay.scope());
      }
      run.advanced(replay);
      ended(replay);
    }
    run.stepEnds();
  }

  private @Nullable Integer failed(Throwable failure) {
    listener.queueFailed("replay", failure);
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
   * How it stands once it is over, or after {@code most}.
   *
   * @param current reads it
   */
  CompletionStage<Replay> awaitEnd(
      Scope scope, ReplayId id, Duration most, Supplier<Replay> current) {
    ReplayRun run = runs.get(id);
    if (run == null || !run.replay().scope().equals(scope)) {
      return CompletableFuture.completedFuture(current.get());
    }
    return run.awaitEnd(most);
  }
}
