package dev.feedbackwebhooks.app.ops;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;

/**
 * The operators' HTTP endpoint: {@code /metrics}, {@code /healthz}, {@code /readyz}, and {@code
 * /jwks/ORGANIZATION/SANDBOX}, which may be published.
 */
public final class OpsServer implements AutoCloseable {
  private final PrometheusMeterRegistry metrics;
  private final Readiness readiness;
  private final PublishedKeys keys;
  private final OpsListener listener;

  public OpsServer(
      OpsSettings listening,
      PrometheusMeterRegistry metrics,
      Readiness readiness,
      PublishedKeys keys) {
    this.metrics = metrics;
    this.readiness = readiness;
    this.keys = keys;
    this.listener = new OpsListener(listening.address(), listening.tls(), this::answer);
  }

  public void start() throws IOException {
    listener.start();
  }

  public InetSocketAddress address() {
    return listener.address();
  }

  @Override
  public void close() {
    listener.close();
  }

  private OpsAnswer answer(String path) {
    return switch (path) {
      case "/metrics" -> OpsAnswer.text(200, metrics.scrape());
      case "/healthz" -> OpsAnswer.text(200, "ok\n");
      case "/readyz" -> OpsAnswer.text(readiness.isReady() ? 200 : 503, readiness.text() + "\n");
      default ->
          keys.at(path)
              .map(set ->
                  new OpsAnswer(
                      200,
                      "application/jwk-set+json",
                      Map.of("cache-control", "public, max-age=300"),
                      set))
              .orElseGet(OpsAnswer::notFound);
    };
  }
}
