package dev.feedbackwebhooks.app.metrics;

import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.health.EndpointHealth;
import dev.feedbackwebhooks.domain.health.EndpointHealthListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts endpoints that fail and configurations that were disabled for it, and logs each. */
public final class EndpointHealthMetrics extends StoreFailureMetrics
    implements EndpointHealthListener {
  private final Counter disabledByFailure;
  private final Counter disabledByEndpoint;
  private final AtomicInteger degraded = new AtomicInteger();

  public EndpointHealthMetrics(MeterRegistry metrics) {
    super(metrics);
    this.disabledByFailure = metrics.counter("feedback.webhooks.configs.disabled", "by", "failure");
    this.disabledByEndpoint =
        metrics.counter("feedback.webhooks.configs.disabled", "by", "endpoint");
    metrics.gauge("feedback.webhooks.endpoints.degraded", degraded);
  }

  @Override
  public void disabledByEndpoint(Scope scope) {
    disabledByEndpoint.increment();
    log.atWarn()
        .addKeyValue("config", scope.configName())
        .log("the endpoint answered 410 Gone: the configuration is disabled");
  }

  @Override
  public void failing(Scope scope, EndpointHealth health, String detail) {
    log.atWarn()
        .addKeyValue("config", scope.configName())
        .addKeyValue("failures", health.failures())
        .addKeyValue("since", health.since())
        .addKeyValue("last", detail)
        .log("the endpoint fails; what is meant for it is sent again by the schedule");
  }

  @Override
  public void degraded(Scope scope, EndpointHealth health, Instant disabledAt) {
    log.atWarn()
        .addKeyValue("config", scope.configName())
        .addKeyValue("failures", health.failures())
        .addKeyValue("since", health.since())
        .addKeyValue("disabledAt", disabledAt.equals(Instant.MAX) ? "never" : disabledAt)
        .log("the endpoint only fails; if it goes on, its configuration is disabled");
  }

  @Override
  public void recovered(Scope scope) {
    log.atInfo().addKeyValue("config", scope.configName()).log("the endpoint accepts again");
  }

  @Override
  public void degradedEndpoints(int count) {
    degraded.set(count);
  }

  @Override
  public void disabledByFailure(Scope scope) {
    disabledByFailure.increment();
    log.atWarn()
        .addKeyValue("config", scope.configName())
        .log("the endpoint accepted nothing for too long: the configuration is disabled");
  }
}
