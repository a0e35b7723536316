package dev.feedbackwebhooks.sender.http;

import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender;
import dev.feedbackwebhooks.sender.egress.DnsResolver;
import dev.feedbackwebhooks.sender.egress.EgressGuard;
import dev.feedbackwebhooks.sender.egress.NameResolver;
import dev.feedbackwebhooks.sender.judge.ResponseJudge;
import dev.feedbackwebhooks.sender.signing.AuthHeaders;
import dev.feedbackwebhooks.sender.signing.SigningPool;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Sends POSTs on event loops, over HTTP/2 or 1.1 as the endpoint likes. */
public final class HttpSender implements FeedbackSender {
  private final InstantSource clock;
  private final EventLoops loops;
  private final DnsResolver dns;
  private final EgressGuard guard;
  private final AuthHeaders authentication;
  private final SigningPool signing;
  private final ResponseJudge judge;

  private HttpSender(
      SenderSettings settings,
      InstantSource clock,
      SigningPool signing,
      Optional<NameResolver> names) {
    this.clock = clock;
    this.dns = new DnsResolver(settings.connectTimeout(), settings.nameServers());
    this.loops = EventLoops.start(settings, clock, names.orElse(dns));
    this.guard = new EgressGuard(settings.egress(), names.orElse(dns));
    this.signing = signing;
    this.authentication = new AuthHeaders(clock, signing);
    this.judge = new ResponseJudge(clock);
  }

  public static HttpSender create(
      SenderSettings settings, InstantSource clock, SigningPool signing) {
    return new HttpSender(settings, clock, signing, Optional.empty());
  }

  public static HttpSender create(
      SenderSettings settings, InstantSource clock, SigningPool signing, NameResolver names) {
    return new HttpSender(settings, clock, signing, Optional.of(names));
  }

  @Override
  public CompletionStage<Sent> send(Post post) {
    SendingLoop loop = loops.of(post.config().url());
    FeedbackExchange exchange = new FeedbackExchange(post, judge, loop);
    loop.execute(exchange, () -> begin(exchange, loop));
    return exchange.result();
  }

  private void begin(FeedbackExchange exchange, SendingLoop loop) {
    loop.deadlines().add(exchange);
    Post post = exchange.post();
    long lookedUpSince = System.nanoTime();
    var _ =
        guard
            .admit(post.config().url(), late(exchange, loop))
            .whenComplete((addresses, failure) ->
                loop.now(
                    exchange,
                    () -> {
                      if (!EgressGuard.isLiteral(post.config().url().host())) {
                        exchange.trace().resolved(lookedUpSince);
                      }
                      if (addresses == null) {
                        exchange.fail(failure);
                      } else {
                        exchange.admit(addresses);
                        authorize(exchange, loop);
                      }
                    }));
  }

  /** Takes addresses that are found when the exchange is on its way. */
  private static EgressGuard.Late late(FeedbackExchange exchange, SendingLoop loop) {
    return (admitted, forbidden) ->
        loop.now(
            exchange,
            () -> {
              if (forbidden == null) {
                exchange.admit(admitted);
              } else {
                exchange.forbid(forbidden);
              }
            });
  }

  private void authorize(FeedbackExchange exchange, SendingLoop loop) {
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
                        sendTo(exchange, loop, token);
                      }
                    }));
  }

  private void sendTo(FeedbackExchange exchange, SendingLoop loop, Optional<String> token) {
    Post post = exchange.post();
    token.ifPresent(used -> renewIfRefused(post.config(), used, exchange));
    long timestamp = clock.instant().getEpochSecond();
    RequestHead head = loop.head(post.config());
    if (!head.isSignedByPrivateKey()) {
      exchange.sendTo(
          new Endpoint(post.config().url(), loop),
          new Request(head, post, token.orElse(null), timestamp, head.sign(post, timestamp)));
      return;
    }
    var _ =
        signing
            .submit(post.config().id(), () -> Optional.ofNullable(head.sign(post, timestamp)))
            .whenComplete((signature, failure) ->
                loop.now(
                    exchange,
                    () -> {
                      if (signature == null) {
                        exchange.fail(failure);
                      } else {
                        exchange.sendTo(
                            new Endpoint(post.config().url(), loop),
                            new Request(
                                head, post, token.orElse(null), timestamp, signature.orElse(null)));
                      }
                    }));
  }

  private void renewIfRefused(WebhookConfig config, String token, FeedbackExchange exchange) {
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
