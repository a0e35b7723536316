package dev.feedbackwebhooks.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The operators' HTTP endpoint: {@code /metrics}, {@code /healthz} and {@code /readyz}. */
final class OpsServer implements AutoCloseable {
  private final InetSocketAddress address;
  private final PrometheusMeterRegistry metrics;
  private final Readiness readiness;
  private @Nullable HttpServer http;

  OpsServer(InetSocketAddress address, PrometheusMeterRegistry metrics, Readiness readiness) {
    this.address = address;
    this.metrics = metrics;
    this.readiness = readiness;
  }

  void start() throws IOException {
    HttpServer server = HttpServer.create(address, 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/metrics", exchange -> answer(exchange, "/metrics", 200, metrics.scrape()));
    server.createContext("/healthz", exchange -> answer(exchange, "/healthz", 200, "ok\n"));
    server.createContext(
        "/readyz",
        exchange ->
            answer(exchange, "/readyz", readiness.isReady() ? 200 : 503, readiness.text() + "\n"));
    server.start();
    http = server;
  }

  InetSocketAddress address() {
    return Objects.requireNonNull(http, "start it first").getAddress();
  }

  @Override
  public void close() {
    if (http != null) {
      http.stop(0);
    }
  }

  private static void answer(HttpExchange exchange, String path, int status, String text)
      throws IOException {
    try (exchange) {
      // A context takes every path below it, too.
      boolean here = exchange.getRequestURI().getPath().equals(path);
      byte[] body = (here ? text : "not found\n").getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("content-type", "text/plain; version=0.0.4; charset=utf-8");
      exchange.sendResponseHeaders(here ? status : 404, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
