package dev.feedbackwebhooks.app.metrics;

import dev.feedbackwebhooks.domain.fault.Failures;
import dev.feedbackwebhooks.domain.fault.StoreFailureListener;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts and logs failures of the store, by what was asked of it. */
abstract class StoreFailureMetrics implements StoreFailureListener {
  static final Logger log = LoggerFactory.getLogger("dev.feedbackwebhooks.delivery");

  final MeterRegistry metrics;

  StoreFailureMetrics(MeterRegistry metrics) {
    this.metrics = metrics;
  }

  @Override
  public final void storeFailed(String operation, Throwable failure) {
    Throwable cause = Failures.cause(failure);
    metrics.counter("feedback.webhooks.store.failures", "operation", operation).increment();
    log.atError()
        .addKeyValue("operation", operation)
        .addKeyValue("cause", String.valueOf(cause.getMessage()))
        .log("the store failed; the engine tries again");
  }
}
