package dev.feedbackwebhooks.app.metrics;

import dev.feedbackwebhooks.app.ops.Readiness;
import dev.feedbackwebhooks.domain.delivery.Backlog;
import dev.feedbackwebhooks.domain.delivery.DeliveryReads;
import dev.feedbackwebhooks.domain.delivery.StoreListener;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;

/** The state of the store, for metrics and for readiness. */
public final class StoreMetrics implements StoreListener {
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(15);

  private final Readiness readiness;
  private final InstantSource clock;
  private final Timer commits;
  private final DistributionSummary works;
  private final AtomicBoolean looking = new AtomicBoolean();
  private volatile boolean durable = true;
  private volatile Instant lookedAt = Instant.EPOCH;
  private volatile Backlog backlog = new Backlog(0, null);

  public StoreMetrics(MeterRegistry metrics, Readiness readiness, InstantSource clock) {
    this.readiness = readiness;
    this.clock = clock;
    this.commits = Histograms.timer(metrics, "feedback.webhooks.store.commits");
    this.works =
        DistributionSummary.builder("feedback.webhooks.store.commit.works")
            .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
            .register(metrics);
    metrics.gauge("feedback.webhooks.store.failing", readiness, each -> each.isFailing() ? 1 : 0);
    metrics.gauge("feedback.webhooks.store.insecure", this, each -> each.durable ? 0 : 1);
    metrics.gauge("feedback.webhooks.backlog.deliveries", this, each -> each.backlog.open());
    metrics.gauge("feedback.webhooks.backlog.age.seconds", this, StoreMetrics::age);
  }

  private double age() {
    Instant due = backlog.earliestDue();
    return due == null ? 0 : Math.max(0, Duration.between(due, clock.instant()).toMillis() / 1e3);
  }

  /** Looks at the backlog, if it is time; may block. */
  public void look(DeliveryReads book) {
    Instant now = clock.instant();
    if (Duration.between(lookedAt, now).abs().compareTo(BETWEEN_LOOKS) >= 0
        && looking.compareAndSet(false, true)) {
      try {
        backlog = book.backlog();
        lookedAt = now;
      } finally {
        looking.set(false);
      }
    }
  }

  @Override
  public void committed(int count, Duration took) {
    commits.record(took);
    works.record(count);
  }

  @Override
  public void failing(String why) {
    readiness.failing(why);
  }

  @Override
  public void recovered() {
    readiness.recovered();
  }

  @Override
  public void durable(boolean lasts) {
    durable = lasts;
  }
}
