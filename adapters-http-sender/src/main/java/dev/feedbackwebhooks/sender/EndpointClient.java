package dev.feedbackwebhooks.sender;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.TrustOptions;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** How the HTTP client is set up to meet strangers. */
final class EndpointClient {
  /** Idle connections are closed before most servers and balancers would do it under our hands. */
  private static final int KEEP_ALIVE_SECONDS = 25;

  private static final int MOST_HEADER_BYTES = 16 * 1024;

  /** Connections per address to an HTTP/2 endpoint that allows few streams on each. */
  private static final int MOST_HTTP2_CONNECTIONS = 4;

  private EndpointClient() {}

  static HttpClient create(Vertx vertx, SenderSettings settings) {
    int connectMillis = Math.toIntExact(settings.connectTimeout().toMillis());
    HttpClientOptions options = new HttpClientOptions();
    options
        .setSsl(true)
        .setVerifyHost(true)
        .setUseAlpn(true)
        .setProtocolVersion(HttpVersion.HTTP_2)
        .setSslEngineOptions(new OpenSSLEngineOptions())
        .setTrustOptions(TrustOptions.wrap(EndpointTrust.with(settings.egressCa())))
        .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
        .setSslHandshakeTimeout(connectMillis)
        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
        .setConnectTimeout(connectMillis)
        .setTcpNoDelay(true)
        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
        .setHttp2KeepAliveTimeout(KEEP_ALIVE_SECONDS)
        .setMaxHeaderSize(MOST_HEADER_BYTES)
        .setDecompressionSupported(false);
    options.getInitialSettings().setMaxHeaderListSize(MOST_HEADER_BYTES).setPushEnabled(false);
    // Lanes bound how many requests there are; the pool must not make one lane wait for another.
    return vertx.createHttpClient(
        options,
        new PoolOptions()
            .setHttp1MaxSize(settings.totalInFlight())
            .setHttp2MaxSize(MOST_HTTP2_CONNECTIONS));
  }
}
