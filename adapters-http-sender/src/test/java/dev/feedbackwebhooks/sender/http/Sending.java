package dev.feedbackwebhooks.sender.http;

import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.config.EndpointAuth;
import dev.feedbackwebhooks.domain.config.EndpointUrl;
import dev.feedbackwebhooks.domain.config.HeaderParameter;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender.Post;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender.Sent;
import dev.feedbackwebhooks.domain.delivery.Payload;
import dev.feedbackwebhooks.domain.delivery.SendReason;
import dev.feedbackwebhooks.domain.delivery.TraceParent;
import dev.feedbackwebhooks.domain.egress.AddressRange;
import dev.feedbackwebhooks.domain.egress.EgressPolicy;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.domain.testing.SettableClock;
import dev.feedbackwebhooks.sender.egress.ProxySettings;
import dev.feedbackwebhooks.sender.signing.SigningPool;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * A sender with names of its own, and posts for it. Its timeouts are so long that none of them ends
 * an attempt, however slow the machine is; tests of a timeout ask for one that is short.
 */
public final class Sending implements AutoCloseable {
  /** The timeout of tests that wait for it to pass. */
  static final Duration SHORT_TIMEOUT = Duration.ofMillis(1_500);

  private static final Duration LONG_TIMEOUT = Duration.ofMinutes(2);

  private final SettableClock clock = new SettableClock(Samples.NOW);
  private final HttpSender sender;

  /** Addresses of every name that is not a literal; to be set by the test. */
  private volatile List<InetAddress> addresses = List.of();

  public Sending(Path ca) {
    this(ca, "127.0.0.0/8");
  }

  /** One that may reach other addresses. */
  public Sending(Path ca, String range) {
    this(ca, range, Optional.empty());
  }

  /** One that connects by a proxy. */
  public Sending(Path ca, String range, Optional<ProxySettings> proxy) {
    this(LONG_TIMEOUT, LONG_TIMEOUT, ca, range, proxy);
  }

  /** One whose attempts end after {@link #SHORT_TIMEOUT}. */
  static Sending withShortAttempts(Path ca) {
    return new Sending(LONG_TIMEOUT, SHORT_TIMEOUT, ca, "127.0.0.0/8", Optional.empty());
  }

  /** One that waits {@link #SHORT_TIMEOUT} for a connection, and as long for a proxy's tunnel. */
  static Sending withShortConnects(Path ca, Optional<ProxySettings> proxy) {
    return new Sending(SHORT_TIMEOUT, LONG_TIMEOUT, ca, "127.0.0.0/8", proxy);
  }

  private Sending(
      Duration connect, Duration attempt, Path ca, String range, Optional<ProxySettings> proxy) {
    SenderSettings settings =
        new SenderSettings(
            connect,
            attempt,
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
            SigningPool.of(task -> Thread.ofPlatform().daemon().start(task)),
            _ ->
                addresses.isEmpty()
                    ? CompletableFuture.failedFuture(new UnknownHostException("no"))
                    : CompletableFuture.completedFuture(addresses));
  }

  public void namesLeadTo(String... literals) {
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

  public SettableClock clock() {
    return clock;
  }

  public AttemptResult send(int port) throws Exception {
    return send(config("127.0.0.1", port), 1);
  }

  public AttemptResult send(WebhookConfig config, int attempt) throws Exception {
    return sent(config, attempt).result();
  }

  /** The result, and how it came about. */
  Sent sent(WebhookConfig config, int attempt) throws Exception {
    return result(
        sender.send(new Post(config, new DeliveryId(4711), attempt, Samples.payload("ü"))));
  }

  /** A first request, made for another reason than to bring feedback. */
  Sent sent(WebhookConfig config, SendReason purpose) throws Exception {
    return result(
        sender.send(new Post(config, new DeliveryId(4711), 1, Samples.payload("ü"), purpose)));
  }

  /** A first request of a delivery that belongs to a trace. */
  Sent traced(WebhookConfig config, String trace) throws Exception {
    Payload payload = Samples.payload("ü").in(new TraceParent(trace));
    return result(sender.send(new Post(config, new DeliveryId(4711), 1, payload)));
  }

  /** What comes of it, however long that takes. */
  static <T> T result(CompletionStage<T> begun) throws Exception {
    return begun.toCompletableFuture().get(2 * LONG_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
  }

  CompletionStage<AttemptResult> begin(int port) {
    return begin(config("127.0.0.1", port), 1);
  }

  private CompletionStage<AttemptResult> begin(WebhookConfig config, int attempt) {
    return sender
        .send(new Post(config, new DeliveryId(4711), attempt, Samples.payload("ü")))
        .thenApply(Sent::result);
  }

  public static WebhookConfig config(String host, int port) {
    return config(host, port, new EndpointAuth.None(), List.of());
  }

  public static WebhookConfig config(
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
