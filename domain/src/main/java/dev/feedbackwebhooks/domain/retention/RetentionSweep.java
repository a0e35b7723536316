package dev.feedbackwebhooks.domain.retention;

import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.node.JobLease;
import dev.feedbackwebhooks.domain.node.JobLeases;
import dev.feedbackwebhooks.domain.node.Recurrence;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the deliveries again and again and has those removed that were kept for long enough,
 * a few with each tick, so that intake never waits for it. Of several processes one does it.
 */
public final class RetentionSweep {
  /** Between the end of one round and the next, and after a failure. */
  static final Duration PAUSE = Duration.ofMinutes(1);

  private final DeliveryPurge purge;
  private final Retention retention;
  private final RetentionListener listener;
  private final InstantSource clock;
  private final JobLeases duties;
  private final JobLease duty;
  private final AtomicBoolean busy = new AtomicBoolean();

  /** When a round begins. This and the next are touched by whoever made {@link #busy} true. */
  private final Recurrence rounds = new Recurrence(PAUSE, Instant.EPOCH);

  /** The last delivery that the round looked at; null between two rounds. */
  private @Nullable DeliveryId last;

  private volatile boolean stopped;

  public RetentionSweep(
      DeliveryPurge purge,
      JobLeases duties,
      Retention retention,
      RetentionListener listener,
      InstantSource clock) {
    this.purge = purge;
    this.retention = retention;
    this.listener = listener;
    this.clock = clock;
    this.duties = duties;
    this.duty = new JobLease(duties, "retention", failure -> listener.storeFailed("duty", failure));
  }

  /** Does a step, unless one is under way or there is a pause. Any thread may call it. */
  public void tick() {
    Instant now = clock.instant();
    if (stopped || !duty.isOurs(now) || !busy.compareAndSet(false, true)) {
      return;
    }
    if (last == null && !rounds.isDue(now)) {
      busy.set(false);
      return;
    }
    duties
        .now(now)
        .thenCompose(at -> purge.purge(retention.at(at), last))
        .whenComplete(this::ended);
  }

  /** Begins no further step. */
  public void stop() {
    stopped = true;
    duty.leave();
  }

  private void ended(DeliveryPurge.@Nullable Step step, @Nullable Throwable failure) {
    if (step == null || failure != null) {
      listener.storeFailed("purge", failure == null ? new IllegalStateException() : failure);
      pause();
    } else {
      listener.purged(step.deliveries(), step.bodies());
      last = step.last();
      if (last == null) {
        pause();
      }
    }
    busy.set(false);
  }

  private void pause() {
    last = null;
    rounds.putOff(clock.instant());
  }
}
