package dev.feedbackwebhooks.app.traces;

import dev.feedbackwebhooks.app.options.OtlpSettings;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender;
import dev.feedbackwebhooks.domain.event.IntakeTraces;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sends spans to a collector, if there is one; without, nothing of OpenTelemetry is there. */
public final class Tracing implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final Duration BETWEEN_EXPORTS = Duration.ofSeconds(1);
  private static final int CLOSE_SECONDS = 2;

  /** Spans that wait; more are dropped, and nobody waits for the collector. */
  private static final int MOST_WAITING = 8_192;

  private static final int MOST_AT_ONCE = 1_024;

  private final @Nullable SdkTracerProvider provider;

  private Tracing(@Nullable SdkTracerProvider provider) {
    this.provider = provider;
  }

  public static Tracing of(Optional<OtlpSettings> settings) {
    return new Tracing(settings.map(Tracing::provider).orElse(null));
  }

  private static SdkTracerProvider provider(OtlpSettings settings) {
    OtlpHttpSpanExporterBuilder exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(settings.endpoint().toString())
            .setTimeout(TIMEOUT);
    settings.headers().forEach(each -> exporter.addHeader(each.name(), each.value().revealText()));
    return SdkTracerProvider.builder()
        .setResource(
            Resource.getDefault()
                .merge(
                    Resource.create(
                        Attributes.of(
                            AttributeKey.stringKey("service.name"),
                            "feedback-webhooks",
                            AttributeKey.stringKey("service.version"),
                            settings.version()))))
        .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(settings.sample())))
        .addSpanProcessor(
            BatchSpanProcessor.builder(new WatchedExporter(exporter.build()))
                .setScheduleDelay(BETWEEN_EXPORTS)
                .setMaxQueueSize(MOST_WAITING)
                .setMaxExportBatchSize(MOST_AT_ONCE)
                .build())
        .build();
  }

  public IntakeTraces intake() {
    return provider == null ? IntakeTraces.NONE : new TracedIntake(tracer(provider));
  }

  /** A sender that records the attempts of what is traced. */
  public FeedbackSender sending(FeedbackSender sender) {
    return provider == null ? sender : new TracedSender(sender, tracer(provider));
  }

  private static Tracer tracer(SdkTracerProvider provider) {
    return provider.get("dev.feedbackwebhooks");
  }

  @Override
  public void close() {
    if (provider != null) {
      var _ = provider.shutdown().join(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
  }
}
