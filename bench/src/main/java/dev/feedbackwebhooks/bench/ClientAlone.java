package dev.feedbackwebhooks.bench;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.name.Names;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.config.Channel;
import dev.feedbackwebhooks.domain.config.ConfigStatus;
import dev.feedbackwebhooks.domain.config.EndpointAuth;
import dev.feedbackwebhooks.domain.config.EndpointUrl;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender;
import dev.feedbackwebhooks.domain.delivery.Payload;
import dev.feedbackwebhooks.domain.egress.AddressRange;
import dev.feedbackwebhooks.domain.egress.EgressPolicy;
import dev.feedbackwebhooks.sender.SenderModule;
import dev.feedbackwebhooks.sender.http.SenderSettings;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.IntFunction;

/** Our HTTP sender without the rest: guard, headers, POST, judge. */
final class ClientAlone implements AutoCloseable {
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
                bind(Key.get(Executor.class, Names.named("signing"))).toInstance(Runnable::run);
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

  /** Accepted requests a second. */
  double rate(int seconds) throws InterruptedException {
    return ClosedLoop.rate(seconds, this::post);
  }

  /** Completes with whether the endpoint accepted. */
  CompletionStage<Boolean> post(int number) {
    WebhookConfig endpoint = endpoints.get(number % endpoints.size());
    return sender
        .send(new FeedbackSender.Post(endpoint, new DeliveryId(number + 1), 1, payload))
        .thenApply(sent -> sent.result() instanceof AttemptResult.Accepted);
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
