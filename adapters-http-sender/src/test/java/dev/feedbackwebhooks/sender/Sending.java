package dev.feedbackwebhooks.sender;

import dev.feedbackwebhooks.domain.config.AddressRange;
import dev.feedbackwebhooks.domain.config.EgressPolicy;
import dev.feedbackwebhooks.domain.config.EndpointAuth;
import dev.feedbackwebhooks.domain.config.EndpointUrl;
import dev.feedbackwebhooks.domain.config.HeaderParameter;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.AttemptResult;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender.Post;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender.Sent;
import dev.feedbackwebhooks.domain.delivery.Payload;
import dev.feedbackwebhooks.domain.delivery.Purpose;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.domain.testing.SettableClock;
import dev.feedbackwebhooks.domain.trace.TraceParent;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;

/** A sender with short timeouts and names of its own, and posts for it. */
final class Sending implements AutoCloseable {
  static final Duration ATTEMPT_TIMEOUT = Duration.ofMillis(1_500);

  private final SettableClock clock = new SettableClock(Samples.NOW);
  private final HttpSender sender;

  /** Addresses of every name that is not a literal; to be set by the test. */
  private volatile List<InetAddress> addresses = List.of();

  Sending(Path ca) {
    this(ca, "127.0.0.0/8");
  }

  /** One that may reach other addresses. */
  Sending(Path ca, String range) {
    this(ca, range, Optional.empty());
  }

  /** One that connects by a proxy. */
  Sending(Path ca, String range, Optional<ProxySettings> proxy) {
    SenderSettings settings =
        new SenderSettings(
            // Servers in tests take a while to their first handshake.
            Duration.ofMillis(1_400),
            ATTEMPT_TIMEOUT,
            "feedback-webhooks/test",
            Optional.of(ca),
            new EgressPolicy(List.of(AddressRange.parse(range))),
            List.of(),
            proxy,
            64);
    sender =
        HttpSender.create(
            settings,
            clock,
            ForkJoinPool.commonPool(),
            _ ->
                addresses.isEmpty()
                    ? CompletableFuture.failedFuture(new UnknownHostException("no"))
                    : CompletableFuture.completedFuture(addresses));
  }

  void namesLeadTo(String... literals) {
    addresses = Arrays.stream(literals).map(Sending::named).toList();
  }

  /** As resolvers give them: with a name, which here leads nowhere if it is asked for again. */
  private static InetAddress named(String literal) {
    try {
      return InetAddress.getByAddress(
          "nowhere.invalid", InetAddress.ofLiteral(literal).getAddress());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  SettableClock clock() {
    return clock;
  }

  AttemptResult send(int port) throws Exception {
    return send(config("127.0.0.1", port), 1);
  }

  AttemptResult send(WebhookConfig config, int attempt) throws Exception {
    return sent(config, attempt).result();
  }

  /** The result, and how it came about. */
  Sent sent(WebhookConfig config, int attempt) throws Exception {
    return sender
        .send(new Post(config, new DeliveryId(4711), attempt, Samples.payload("ü")))
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  /** A first request, made for another reason than to bring feedback. */
  Sent sent(WebhookConfig config, Purpose purpose) throws Exception {
    return sender
        .send(new Post(config, new DeliveryId(4711), 1, Samples.payload("ü"), purpose))
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  /** A first request of a delivery that belongs to a trace. */
  Sent traced(WebhookConfig config, String trace) throws Exception {
    Payload payload = Samples.payload("ü").in(new TraceParent(trace));
    return sender
        .send(new Post(config, new DeliveryId(4711), 1, payload))
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  CompletionStage<AttemptResult> begin(int port) {
    return begin(config("127.0.0.1", port), 1);
  }

  private CompletionStage<AttemptResult> begin(WebhookConfig config, int attempt) {
    return sender
        .send(new Post(config, new DeliveryId(4711), attempt, Samples.payload("ü")))
        .thenApply(Sent::result);
  }

  static WebhookConfig config(String host, int port) {
    return config(host, port, new EndpointAuth.None(), List.of());
  }

  static WebhookConfig config(
      String host, int port, EndpointAuth auth, List<HeaderParameter> headers) {
    WebhookConfig sample = Samples.config();
    return new WebhookConfig(
        sample.id(),
        sample.version(),
        sample.scope(),
        sample.displayName(),
        sample.channels(),
        new EndpointUrl("https://" + host + ":" + port + "/hook?a=b", host, port, "/hook?a=b"),
        auth,
        headers,
        sample.status(),
        sample.createTime(),
        sample.updateTime());
  }

  @Override
  public void close() {
    sender.close();
  }
}
