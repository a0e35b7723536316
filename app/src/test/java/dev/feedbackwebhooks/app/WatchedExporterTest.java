package dev.feedbackwebhooks.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.testing.HeardLog;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchedExporterTest {
  private boolean up;

  private final SpanExporter collector =
      new SpanExporter() {
        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
          return up
              ? CompletableResultCode.ofSuccess()
              : CompletableResultCode.ofExceptionalFailure(new IllegalStateException("down"));
        }

        @Override
        public CompletableResultCode flush() {
          return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
          return CompletableResultCode.ofSuccess();
        }
      };

  @Test
  void eachOutageIsMentionedOnceAndSoIsItsEnd() {
    try (HeardLog log = new HeardLog(WatchedExporter.class);
        WatchedExporter exporter = new WatchedExporter(collector)) {
      for (boolean now : List.of(true, false, false, false, true, true, false)) {
        up = now;
        var _ = exporter.export(List.of());
      }
      assertThat(log.lines())
          .containsExactly(
              "WARN the collector takes no traces: they are lost until it does",
              "INFO the collector takes traces again",
              "WARN the collector takes no traces: they are lost until it does");
    }
  }
}
