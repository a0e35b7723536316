package dev.feedbackwebhooks.app;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that a collector does not take traces, and once that it does again. */
final class WatchedExporter implements SpanExporter {
  private static final Logger log = LoggerFactory.getLogger(WatchedExporter.class);

  private final SpanExporter exporter;
  private final AtomicBoolean failing = new AtomicBoolean();

  WatchedExporter(SpanExporter exporter) {
    this.exporter = exporter;
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode result = exporter.export(spans);
    return result.whenComplete(() -> heard(result));
  }

  private void heard(CompletableResultCode result) {
    if (!result.isSuccess() && failing.compareAndSet(false, true)) {
      log.atWarn()
          .addKeyValue("cause", String.valueOf(result.getFailureThrowable()))
          .log("the collector takes no traces: they are lost until it does");
    } else if (result.isSuccess() && failing.compareAndSet(true, false)) {
      log.info("the collector takes traces again");
    }
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
