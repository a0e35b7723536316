package dev.feedbackwebhooks.app.traces;

import io.opentelemetry.exporter.internal.FailedExportException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
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
          .addKeyValue("cause", cause(result.getFailureThrowable()))
          .log(
              "the collector takes no traces: they are lost until it does; see --otlp-endpoint and"
                  + " --otlp-headers");
    } else if (result.isSuccess() && failing.compareAndSet(true, false)) {
      log.info("the collector takes traces again");
    }
  }

  /** An answer's status, or what kept from one; other texts may hold a header of ours. */
  static String cause(@Nullable Throwable failure) {
    return switch (failure) {
      case FailedExportException.HttpExportException http when http.getResponse() != null ->
          "status " + http.getResponse().getStatusCode();
      case FailedExportException export when export.getCause() instanceof IOException io ->
          String.valueOf(io);
      case null -> "unknown";
      default -> failure.getClass().getSimpleName();
    };
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
