package dev.feedbackwebhooks.app.traces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.testing.HeardLog;
import io.opentelemetry.exporter.internal.FailedExportException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.ConnectException;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatchedExporterTest {
  private static final String LOST =
      "WARN the collector takes no traces: they are lost until it does; see --otlp-endpoint and"
          + " --otlp-headers";

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
      assertThat(log.lines()).containsExactly(LOST, "INFO the collector takes traces again", LOST);
    }
  }

  @Test
  void itsCauseIsAStatusOrWhatTheNetworkSaysAndNeverAHeader() {
    assertThat(WatchedExporter.cause(FailedExportException.httpFailedWithResponse(new Answer(401))))
        .isEqualTo("status 401");
    assertThat(
            WatchedExporter.cause(
                FailedExportException.httpFailedExceptionally(new ConnectException("refused"))))
        .isEqualTo("java.net.ConnectException: refused");
    assertThat(
            WatchedExporter.cause(
                FailedExportException.httpFailedExceptionally(
                    new IllegalArgumentException("invalid header value: s3cr3t"))))
        .isEqualTo("HttpExportException");
  }

  private record Answer(int getStatusCode) implements HttpResponse {
    @Override
    public String getStatusMessage() {
      return "";
    }

    @Override
    public byte[] getResponseBody() {
      return new byte[0];
    }
  }
}
