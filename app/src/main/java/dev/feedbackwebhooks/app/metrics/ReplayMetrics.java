package dev.feedbackwebhooks.app.metrics;

import dev.feedbackwebhooks.domain.replay.ReplayListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts replays that run, and deliveries that they queued again. */
public final class ReplayMetrics extends StoreFailureMetrics implements ReplayListener {
  private final Counter replayed;
  private final AtomicInteger running = new AtomicInteger();

  public ReplayMetrics(MeterRegistry metrics) {
    super(metrics);
    this.replayed = metrics.counter("feedback.webhooks.replayed.deliveries");
    metrics.gauge("feedback.webhooks.replays.running", running);
  }

  @Override
  public void replaysRunning(int count) {
    running.set(count);
  }

  @Override
  public void replayed(long deliveries) {
    replayed.increment((double) deliveries);
  }
}
