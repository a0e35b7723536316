package dev.feedbackwebhooks.domain.delivery;

import dev.feedbackwebhooks.domain.config.WebhookConfig;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides what follows an attempt and writes it down; what the store would not take is written
 * again at the next tick. Used by the engine's thread only.
 */
final class Settler {
  private final DeliveryEngine.Ports ports;
  private final RetrySchedule schedule;
  private final Consumer<Settlement> settled;
  private final Executor mailbox;
  private final ArrayDeque<Runnable> failed = new ArrayDeque<>();
  private int open;

  /**
   * @param settled hears of each settlement once it is durable
   */
  Settler(
      DeliveryEngine.Ports ports,
      RetrySchedule schedule,
      Consumer<Settlement> settled,
      Executor mailbox) {
    this.ports = ports;
    this.schedule = schedule;
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
    }
    open++;
    write(new Settlement(claim, attempt, next, now));
  }

  private void disable(WebhookConfig sent, Instant now) {
    if (ports.configs().disableByEndpoint(sent, now)) {
      ports.listener().disabledByEndpoint(sent.scope());
    }
  }

  void cancel(Claim claim, String reason, Instant now) {
    ports.listener().cancelled(claim, reason);
    open++;
    write(new Settlement(claim, null, new NextStep.GiveUp(NextStep.Ending.CANCELLED, reason), now));
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

  void repeatFailed() {
    for (int n = failed.size(); n > 0; n--) {
      failed.remove().run();
    }
  }

  boolean nothingOpen() {
    return open == 0;
  }

  private void write(Settlement settlement) {
    ports
        .queue()
        .settle(List.of(settlement))
        .whenCompleteAsync((stood, failure) -> written(settlement, stood, failure), mailbox);
  }

  private void written(
      Settlement settlement, @Nullable List<Boolean> stood, @Nullable Throwable failure) {
    if (stood == null || failure != null) {
      ports
          .listener()
          .queueFailed("settle", failure == null ? new IllegalStateException() : failure);
      failed.add(() -> write(settlement));
      return;
    }
    open--;
    if (!stood.getFirst()) {
      ports.listener().fenced(settlement.claim());
    }
    settled.accept(settlement);
  }
}
