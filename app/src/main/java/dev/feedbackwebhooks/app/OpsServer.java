package dev.feedbackwebhooks.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The operators' HTTP endpoint: {@code /metrics}, {@code /healthz}, {@code /readyz}, and {@code
 * /jwks/ORGANIZATION/SANDBOX}, which may be published.
 */
final class OpsServer implements AutoCloseable {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String NOT_FOUND = "not found\n";

  private final InetSocketAddress address;
  private final PrometheusMeterRegistry metrics;
  private final Readiness readiness;
  private final PublishedKeys keys;
  private @Nullable HttpServer http;

  OpsServer(
      InetSocketAddress address,
      PrometheusMeterRegistry metrics,
      Readiness readiness,
      PublishedKeys keys) {
    this.keys = keys;
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
    server.createContext(PublishedKeys.PATH, this::answerKeys);
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

  private void answerKeys(HttpExchange exchange) throws IOException {
    Optional<String> set = keys.at(exchange.getRequestURI().getPath());
    if (set.isEmpty()) {
      write(exchange, 404, TEXT, NOT_FOUND);
      return;
    }
    exchange.getResponseHeaders().set("cache-control", "public, max-age=300");
    write(exchange, 200, "application/jwk-set+json", set.get());
  }

  private static void answer(HttpExchange exchange, String path, int status, String text)
      throws IOException {
    // A context takes every path below it, too.
    if (exchange.getRequestURI().getPath().equals(path)) {
      write(exchange, status, TEXT, text);
    } else {
      write(exchange, 404, TEXT, NOT_FOUND);
    }
  }

  private static void write(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    try (exchange) {
      byte[] body = text.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("content-type", type);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
