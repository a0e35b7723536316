package dev.feedbackwebhooks.bench;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.name.Names;
import dev.feedbackwebhooks.domain.config.AddressRange;
import dev.feedbackwebhooks.domain.config.Channel;
import dev.feedbackwebhooks.domain.config.ConfigStatus;
import dev.feedbackwebhooks.domain.config.EgressPolicy;
import dev.feedbackwebhooks.domain.config.EndpointAuth;
import dev.feedbackwebhooks.domain.config.EndpointUrl;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.AttemptResult;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender;
import dev.feedbackwebhooks.domain.delivery.Payload;
import dev.feedbackwebhooks.sender.SenderModule;
import dev.feedbackwebhooks.sender.SenderSettings;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;

/** Our HTTP sender without the rest: guard, headers, POST, judge. */
final class ClientAlone implements AutoCloseable {
  private static final int IN_FLIGHT = 64;

  private final FeedbackSender sender;
  private final AutoCloseable closeable;
  private final Payload payload;
  private final List<WebhookConfig> endpoints = new ArrayList<>();

  ClientAlone(Sink sink, IntFunction<String> url, int count, byte[] body) {
    Injector injector =
        Guice.createInjector(
            new SenderModule(
                new SenderSettings(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(15),
                    "feedback-webhooks/bench",
                    Optional.of(sink.ca()),
                    new EgressPolicy(List.of(AddressRange.parse("127.0.0.0/8"))),
                    List.of(),
                    Optional.empty(),
                    4_096)),
            new AbstractModule() {
              @Override
              protected void configure() {
                bind(InstantSource.class).toInstance(InstantSource.system());
                bind(Key.get(Executor.class, Names.named("background"))).toInstance(Runnable::run);
              }
            });
    sender = injector.getInstance(FeedbackSender.class);
    closeable = injector.getInstance(Key.get(AutoCloseable.class, Names.named("sender")));
    payload = Payload.of(body);
    for (int i = 0; i < count; i++) {
      endpoints.add(config(URI.create(url.apply(i)), i));
    }
  }

  private static WebhookConfig config(URI url, int number) {
    return new WebhookConfig(
        number + 1,
        1,
        new Scope("bench", "sandbox-" + number),
        "bench",
        Set.of(Channel.EMAIL),
        new EndpointUrl(url.toString(), url.getHost(), url.getPort(), url.getPath()),
        new EndpointAuth.None(),
        List.of(),
        new ConfigStatus.Active(),
        Instant.EPOCH,
        Instant.EPOCH);
  }

  /** Accepted requests a second, 64 in flight. */
  double rate(int seconds) throws InterruptedException {
    LongAdder accepted = new LongAdder();
    AtomicBoolean over = new AtomicBoolean();
    for (int i = 0; i < IN_FLIGHT; i++) {
      send(i, accepted, over);
    }
    Thread.sleep(Duration.ofSeconds(1));
    long before = accepted.sum();
    long start = System.nanoTime();
    Thread.sleep(Duration.ofSeconds(seconds));
    double rate = (accepted.sum() - before) * 1e9 / (System.nanoTime() - start);
    over.set(true);
    return rate;
  }

  private void send(int slot, LongAdder accepted, AtomicBoolean over) {
    WebhookConfig endpoint = endpoints.get(slot % endpoints.size());
    var _ =
        sender
            .send(new FeedbackSender.Post(endpoint, new DeliveryId(slot + 1), 1, payload))
            .whenComplete((result, _) -> {
              if (result instanceof AttemptResult.Accepted) {
                accepted.increment();
              }
              if (!over.get()) {
                send(slot + IN_FLIGHT, accepted, over);
              }
            });
  }

  @Override
  public void close() {
    try {
      closeable.close();
    } catch (Exception e) {
      throw new BenchException("the client did not close: " + e);
    }
  }
}
