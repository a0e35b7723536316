package dev.feedbackwebhooks.app.options;

import static dev.feedbackwebhooks.app.options.Rules.require;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which events are traced, and where the traces go. */
final class TraceOptions {
  @Option(
      names = "--otlp-endpoint",
      paramLabel = "URL",
      description =
          "Collector that takes traces by OTLP/HTTP, like http://127.0.0.1:4318/v1/traces; none by"
              + " default.")
  Optional<URI> otlpEndpoint;

  @Option(
      names = "--otlp-sample",
      paramLabel = "RATIO",
      defaultValue = "0.01",
      description =
          "Of events that come without a trace, the part that begins one; of the others, what their"
              + " sender records is recorded (${DEFAULT-VALUE}).")
  double otlpSample;

  @Option(
      names = "--otlp-headers",
      paramLabel = "NAME=VALUE",
      split = ",",
      description =
          "Headers for the collector. If they are secret, set them in the environment or the file:"
              + " flags show in process lists.")
  List<OtlpSettings.Header> otlpHeaders = List.of();

  Optional<OtlpSettings> settings(String version) {
    require(otlpSample >= 0 && otlpSample <= 1, "--otlp-sample: must be 0 to 1");
    return otlpEndpoint.map(endpoint -> to(endpoint, version));
  }

  private OtlpSettings to(URI endpoint, String version) {
    require(
        ("http".equals(endpoint.getScheme()) || "https".equals(endpoint.getScheme()))
            && endpoint.getHost() != null,
        "--otlp-endpoint: must be a URL like http://127.0.0.1:4318/v1/traces");
    return new OtlpSettings(endpoint, otlpSample, otlpHeaders, version);
  }
}
