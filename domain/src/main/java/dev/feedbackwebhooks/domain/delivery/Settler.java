package dev.feedbackwebhooks.domain.delivery;

import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.fault.Fault;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides what follows an attempt and writes it down, together with whatever else ended while the
 * store was busy. What the store would not take is written again. Used by the engine's thread only.
 */
final class Settler {
  /** Lists that are with the store at a time: one that it writes, one for its next commit. */
  private static final int MOST_WRITING = 2;

  /** A store that fails is asked again after this long. */
  static final Duration PAUSE = Duration.ofSeconds(1);

  private final DeliveryEngine.Ports ports;
  private final RetrySchedule schedule;
  private final InstantSource clock;
  private final Consumer<Settlement> settled;
  private final Executor mailbox;

  /** What the store would not take. */
  private final ArrayDeque<Settlement> failed = new ArrayDeque<>();

  private List<Settlement> pending = new ArrayList<>();
  private final Recurrence repetitions = new Recurrence(PAUSE, Instant.EPOCH);
  private int writing;

  /** Whether the store took nothing the last time: then one settlement finds out if it does. */
  private boolean down;

  private int open;

  /**
   * @param settled hears of each settlement once it is durable
   */
  Settler(
      DeliveryEngine.Ports ports,
      RetrySchedule schedule,
      InstantSource clock,
      Consumer<Settlement> settled,
      Executor mailbox) {
    this.ports = ports;
    this.schedule = schedule;
    this.clock = clock;
    this.settled = settled;
    this.mailbox = mailbox;
  }

  /**
   * @param sent the configuration that the attempt was made by
   */
  void settle(Claim claim, Attempt attempt, WebhookConfig sent, Instant now) {
    NextStep next = schedule.after(attempt.result(), attempt.number() - claim.firstOfRound(), now);
    ports.listener().attempted(claim, attempt, next);
    if (attempt.result() instanceof AttemptResult.Refused refused && refused.gone()) {
      ports.background().execute(() -> disable(sent, now));
    } else {
      ports
          .watch()
          .attempted(
              sent,
              attempt.result(),
              now,
              () -> ports.background().execute(() -> giveUp(sent, now)));
    }
    add(new Settlement(claim, attempt, next, now));
  }

  private void giveUp(WebhookConfig sent, Instant now) {
    try {
      if (ports.configs().disableByFailure(sent, now)) {
        ports.watch().stopped(sent.scope());
        ports.listener().disabledByFailure(sent.scope());
      }
    } catch (RuntimeException e) {
      // The next failure tries again.
      ports.listener().queueFailed("disable", e);
    }
  }

  private void disable(WebhookConfig sent, Instant now) {
    try {
      if (ports.configs().disableByEndpoint(sent, now)) {
        ports.listener().disabledByEndpoint(sent.scope());
      }
    } catch (RuntimeException e) {
      // The next delivery's 410 tries again.
      ports.listener().queueFailed("disable", e);
    }
  }

  void cancel(Claim claim, String reason, Instant now) {
    ports.listener().cancelled(claim, reason);
    add(new Settlement(claim, null, new NextStep.GiveUp(NextStep.Ending.CANCELLED, reason), now));
  }

  private void add(Settlement settlement) {
    open++;
    pending.add(settlement);
    writePending();
  }

  /** Gives claims back to the store, untried. */
  void release(List<Claim> claims, Instant due) {
    open++;
    ports
        .queue()
        .release(claims, due)
        .whenCompleteAsync(
            (_, failure) -> {
              open--;
              if (failure != null) {
                // Nothing is lost: their lease ends, and they are claimed anew.
                ports.listener().queueFailed("release", failure);
              }
            },
            mailbox);
  }

  boolean nothingOpen() {
    return open == 0;
  }

  /** Asks the store again, if it is time, with one settlement: the rest follows if it is taken. */
  void repeatFailed() {
    Instant now = clock.instant();
    if (!failed.isEmpty() && repetitions.isDue(now)) {
      write(List.of(failed.remove()));
    }
  }

  private void writePending() {
    if (!pending.isEmpty() && writing < MOST_WRITING && !down) {
      List<Settlement> list = pending;
      pending = new ArrayList<>();
      write(list);
    }
  }

  private void write(List<Settlement> list) {
    writing++;
    ports
        .queue()
        .settle(list)
        .whenCompleteAsync((stood, failure) -> written(list, stood, failure), mailbox);
  }

  private void written(
      List<Settlement> list, @Nullable List<Boolean> stood, @Nullable Throwable failure) {
    writing--;
    if (stood == null || failure != null) {
      notWritten(list, failure == null ? new IllegalStateException("no answer") : failure);
      return;
    }
    if (down) {
      down = false;
      failed.forEach(one -> write(List.of(one)));
      failed.clear();
    }
    writePending();
    for (int i = 0; i < list.size(); i++) {
      open--;
      if (!stood.get(i)) {
        ports.listener().fenced(list.get(i).claim());
      }
      settled.accept(list.get(i));
    }
  }

  private void notWritten(List<Settlement> list, Throwable failure) {
    ports.listener().queueFailed("settle", failure);
    if (failure instanceof Fault.Unavailable) {
      down = true;
    } else if (list.size() > 1) {
      // A bug, which one of them brings out: the others need not suffer from it.
      list.forEach(one -> write(List.of(one)));
      return;
    }
    failed.addAll(list);
    repetitions.putOff(clock.instant());
  }
}
