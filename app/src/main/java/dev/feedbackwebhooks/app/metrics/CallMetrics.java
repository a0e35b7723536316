package dev.feedbackwebhooks.app.metrics;

import dev.feedbackwebhooks.domain.access.CallListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls by their method and their status: the API has a few of the one, and gRPC of the other. */
public final class CallMetrics implements CallListener {
  private static final String CALLS = "feedback.webhooks.grpc.calls";

  private record Ending(String method, String status) {}

  private final MeterRegistry metrics;
  private final ConcurrentMap<Ending, Timer> ended = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, AtomicInteger> open = new ConcurrentHashMap<>();

  public CallMetrics(MeterRegistry metrics) {
    this.metrics = metrics;
  }

  @Override
  public void began(String method) {
    open(method).incrementAndGet();
  }

  @Override
  public void ended(String method, String status, Duration took) {
    open(method).decrementAndGet();
    ended.computeIfAbsent(new Ending(method, status), this::timer).record(took);
  }

  @Override
  public void unknown() {
    ended
        .computeIfAbsent(new Ending("unknown", "UNIMPLEMENTED"), this::timer)
        .record(Duration.ZERO);
  }

  private AtomicInteger open(String method) {
    return open.computeIfAbsent(
        method,
        name ->
            metrics.gauge(
                "feedback.webhooks.grpc.open", Tags.of("method", name), new AtomicInteger()));
  }

  private Timer timer(Ending ending) {
    return Histograms.timer(metrics, CALLS, "method", ending.method(), "status", ending.status());
  }
}
