package dev.feedbackwebhooks.sender;

import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.AttemptResult;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Sends POSTs on event loops, over HTTP/2 or 1.1 as the endpoint likes. */
final class HttpSender implements FeedbackSender, AutoCloseable {
  private final InstantSource clock;
  private final EventLoops loops;
  private final DnsResolver dns;
  private final EgressGuard guard;
  private final AuthHeaders authentication;
  private final ResponseJudge judge;

  private HttpSender(
      SenderSettings settings,
      InstantSource clock,
      Executor background,
      Optional<NameResolver> names) {
    this.clock = clock;
    this.dns = new DnsResolver(settings.connectTimeout(), settings.nameServers());
    this.loops = EventLoops.start(settings, names.orElse(dns));
    this.guard = new EgressGuard(settings.egress(), names.orElse(dns));
    this.authentication = new AuthHeaders(clock, background);
    this.judge = new ResponseJudge(clock);
  }

  /**
   * @param background may be blocked
   */
  static HttpSender create(SenderSettings settings, InstantSource clock, Executor background) {
    return new HttpSender(settings, clock, background, Optional.empty());
  }

  static HttpSender create(
      SenderSettings settings, InstantSource clock, Executor background, NameResolver names) {
    return new HttpSender(settings, clock, background, Optional.of(names));
  }

  @Override
  public CompletionStage<Sent> send(Post post) {
    SendingLoop loop = loops.of(post.config().url());
    Exchange exchange = new Exchange(post, judge, loop);
    loop.execute(exchange, () -> begin(exchange, loop));
    return exchange.result();
  }

  private void begin(Exchange exchange, SendingLoop loop) {
    loop.deadlines().add(exchange);
    Post post = exchange.post();
    long lookedUpSince = System.nanoTime();
    var _ =
        guard
            .admit(post.config().url(), post.attempt())
            .whenComplete((address, failure) ->
                loop.now(
                    exchange,
                    () -> {
                      if (!EgressGuard.isLiteral(post.config().url().host())) {
                        exchange.trace().resolved(lookedUpSince);
                      }
                      if (address == null) {
                        exchange.fail(failure);
                      } else {
                        authorize(exchange, loop, address);
                      }
                    }));
  }

  private void authorize(Exchange exchange, SendingLoop loop, InetAddress address) {
    WebhookConfig config = exchange.post().config();
    var _ =
        authentication
            .of(config, exchange.post().payload())
            .whenComplete((token, failure) ->
                loop.now(
                    exchange,
                    () -> {
                      if (token == null) {
                        exchange.fail(failure);
                      } else {
                        sendTo(address, exchange, loop, token);
                      }
                    }));
  }

  private void sendTo(
      InetAddress address, Exchange exchange, SendingLoop loop, Optional<String> token) {
    Post post = exchange.post();
    token.ifPresent(used -> renewIfRefused(post.config(), used, exchange));
    long timestamp = clock.instant().getEpochSecond();
    RequestHead head = loop.head(post.config());
    exchange.sendTo(
        loop.pool(address, post.config().url()),
        new Request(head, post, token.orElse(null), timestamp, head.sign(post, timestamp)));
  }

  private void renewIfRefused(WebhookConfig config, String token, Exchange exchange) {
    var _ =
        exchange
            .result()
            .thenAccept(sent -> {
              if (sent.result() instanceof AttemptResult.Retryable retryable
                  && (retryable.httpStatus() == 401 || retryable.httpStatus() == 403)) {
                authentication.refused(config, token);
              }
            });
  }

  @Override
  public void close() {
    dns.close();
    loops.close();
  }
}
