package dev.feedbackwebhooks.sender;

import dev.feedbackwebhooks.domain.config.EndpointUrl;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.AttemptResult;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Sends POSTs with Vert.x: on event loops, over HTTP/2 or 1.1 as the endpoint likes. */
final class HttpSender implements FeedbackSender, AutoCloseable {
  private final SenderSettings settings;
  private final InstantSource clock;
  private final Vertx vertx;
  private final HttpClient client;
  private final EventLoops loops;
  private final DnsResolver dns;
  private final EgressGuard guard;
  private final AuthHeaders authentication;
  private final ResponseJudge judge;

  private HttpSender(SenderSettings settings, InstantSource clock, Optional<NameResolver> names) {
    this.settings = settings;
    this.clock = clock;
    int threads = Runtime.getRuntime().availableProcessors();
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(threads)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    this.client = EndpointClient.create(vertx, settings);
    this.loops = EventLoops.of(vertx, threads);
    this.dns = new DnsResolver(settings.connectTimeout());
    this.guard = new EgressGuard(settings.egress(), names.orElse(dns));
    this.authentication = new AuthHeaders(clock);
    this.judge = new ResponseJudge(clock);
  }

  static HttpSender create(SenderSettings settings, InstantSource clock) {
    return new HttpSender(settings, clock, Optional.empty());
  }

  static HttpSender create(SenderSettings settings, InstantSource clock, NameResolver names) {
    return new HttpSender(settings, clock, Optional.of(names));
  }

  @Override
  public CompletionStage<AttemptResult> send(Post post) {
    Exchange exchange = new Exchange(judge);
    Context loop = loops.of(post.config().url().host());
    loop.runOnContext(_ -> begin(post, exchange, loop));
    return exchange.result();
  }

  private void begin(Post post, Exchange exchange, Context loop) {
    exchange.within(vertx, settings.attemptTimeout());
    guard
        .admit(post.config().url(), post.attempt())
        .whenComplete((address, failure) -> {
          if (address == null) {
            exchange.fail(failure);
          } else {
            loop.runOnContext(_ -> exchangeWith(address, post, exchange));
          }
        });
  }

  private void exchangeWith(InetAddress address, Post post, Exchange exchange) {
    try {
      Optional<String> token = authentication.of(post.config());
      token.ifPresent(used -> forgetIfRefused(post.config(), used, exchange));
      exchange.begin(client, request(post, address, token), Buffer.buffer(post.payload().bytes()));
    } catch (RuntimeException e) {
      exchange.fail(e);
    }
  }

  private void forgetIfRefused(WebhookConfig config, String token, Exchange exchange) {
    var _ =
        exchange
            .result()
            .thenAccept(result -> {
              if (result instanceof AttemptResult.Retryable retryable
                  && (retryable.httpStatus() == 401 || retryable.httpStatus() == 403)) {
                authentication.refused(config, token);
              }
            });
  }

  private RequestOptions request(Post post, InetAddress address, Optional<String> token) {
    EndpointUrl url = post.config().url();
    RequestOptions request =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setHost(url.host())
            .setPort(url.port())
            // The guarded address; host and port above are what SNI and Host say.
            .setServer(SocketAddress.inetSocketAddress(url.port(), address.getHostAddress()))
            .setURI(url.target())
            .setSsl(true)
            .setFollowRedirects(false)
            .putHeader("content-type", "application/json; charset=utf-8")
            .putHeader("user-agent", settings.userAgent())
            .putHeader("webhook-id", post.id().text())
            .putHeader("webhook-timestamp", String.valueOf(clock.instant().getEpochSecond()))
            .putHeader("webhook-attempt", String.valueOf(post.attempt()));
    token.ifPresent(value -> request.putHeader("authorization", value));
    post.config()
        .headers()
        .forEach(header -> request.putHeader(header.name(), header.value().revealText()));
    return request;
  }

  @Override
  public void close() {
    dns.close();
    vertx.close().await();
  }
}
