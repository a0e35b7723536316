package dev.feedbackwebhooks.domain.engine;

import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.attempt.AttemptDetail;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.attempt.NextStep;
import dev.feedbackwebhooks.domain.attempt.RetrySchedule;
import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.config.ConfigStore;
import dev.feedbackwebhooks.domain.config.Configs;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryIds;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.delivery.Enqueued;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender;
import dev.feedbackwebhooks.domain.delivery.IdSeries;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.delivery.Payload;
import dev.feedbackwebhooks.domain.health.EndpointHealth;
import dev.feedbackwebhooks.domain.health.EndpointHealthListener;
import dev.feedbackwebhooks.domain.health.EndpointHealthMonitor;
import dev.feedbackwebhooks.domain.health.HealthRules;
import dev.feedbackwebhooks.domain.replay.ReplayListener;
import dev.feedbackwebhooks.domain.retention.RetentionListener;
import dev.feedbackwebhooks.domain.testing.InMemoryDeliveries;
import dev.feedbackwebhooks.domain.testing.InMemoryHealth;
import dev.feedbackwebhooks.domain.testing.InMemoryStore;
import dev.feedbackwebhooks.domain.testing.QueuedExecutor;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.domain.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * An engine whose every task runs when the test says so, with a sender that the test answers for.
 */
public final class EngineHarness
    implements FeedbackSender,
        DeliveryListener,
        EndpointHealthListener,
        RetentionListener,
        ReplayListener {
  /** A request that waits for the test's answer. */
  record Request(Post post, CompletableFuture<Sent> answer) {}

  public final SettableClock clock = new SettableClock(Samples.NOW);
  public static final HealthRules HEALTH =
      new HealthRules(Duration.ofDays(5), Duration.ofHours(12));

  final InMemoryHealth health = new InMemoryHealth();
  public final InMemoryStore store = new InMemoryStore();
  public final InMemoryDeliveries deliveries = new InMemoryDeliveries(store);
  public final QueuedExecutor mailbox = new QueuedExecutor();
  public final Configs configs =
      new Configs(failing(store), Samples.rules(), Samples.FINGERPRINTS, clock, () -> 1);

  /** As it was told last. */
  EngineLoad load = new EngineLoad(Map.of(), 0, 0, 0, 0);

  /** Whether whoever hears of an attempt has a bug. */
  boolean losing;

  /** Whether configurations cannot be read. */
  boolean outage;

  public final List<Request> sent = new ArrayList<>();
  public final List<String> heard = new ArrayList<>();

  /** What endpoints began to fail by. */
  public final List<String> failing = new ArrayList<>();

  public final DeliveryEngine engine;

  public EngineHarness(EngineLimits limits) {
    engine = process(limits, 1);
  }

  public EngineHarness() {
    this(new EngineLimits(4, 100, 1 << 20, Duration.ofSeconds(60)));
  }

  private ConfigStore failing(ConfigStore inner) {
    return new ConfigStore() {
      @Override
      public Optional<WebhookConfig> find(Scope scope) {
        if (outage) {
          throw new IllegalStateException("outage");
        }
        return inner.find(scope);
      }

      @Override
      public List<WebhookConfig> list(
          @Nullable String organization,
          @Nullable String sandbox,
          @Nullable Scope after,
          int limit) {
        return inner.list(organization, sandbox, after, limit);
      }

      @Override
      public boolean insert(WebhookConfig config, AuditEntry entry) {
        return inner.insert(config, entry);
      }

      @Override
      public boolean replace(WebhookConfig next, long expectedVersion, AuditEntry entry) {
        return inner.replace(next, expectedVersion, entry);
      }

      @Override
      public boolean delete(Scope scope, long id, long expectedVersion, AuditEntry entry) {
        return inner.delete(scope, id, expectedVersion, entry);
      }
    };
  }

  /** Another process on the same store, as it were. */
  DeliveryEngine process(EngineLimits limits, long firstClaimId) {
    return new DeliveryEngine(
        new EnginePorts(
            deliveries,
            this,
            configs,
            this,
            new EndpointHealthMonitor(health, HEALTH, this),
            mailbox),
        limits,
        new RetrySchedule(List.of(Duration.ofSeconds(5), Duration.ofSeconds(50)), () -> 0),
        clock,
        new DeliveryIds(clock, IdSeries.whole(0)),
        firstClaimId,
        mailbox);
  }

  void config(Scope scope) {
    if (!store.insert(Samples.config(scope), Samples.entry())) {
      throw new IllegalStateException("there is one");
    }
  }

  /** Takes in events e-0, e-1, … and runs all that follows. */
  List<Enqueued> enqueue(Scope scope, int count) {
    List<NewDelivery> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(
          new NewDelivery(
              engine.nextId(),
              scope,
              Samples.config().id(),
              Samples.subject("e-" + i),
              List.of(),
              Samples.payload("e-" + i)));
    }
    CompletionStage<List<Enqueued>> stored = engine.enqueue(events);
    mailbox.runAll();
    return stored.toCompletableFuture().join();
  }

  /** Puts deliveries on disk as an earlier process would have left them. */
  void waiting(Scope scope, int count, Payload payload) {
    List<DeliveryQueue.Entry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      NewDelivery delivery =
          new NewDelivery(
              engine.nextId(),
              scope,
              Samples.config().id(),
              Samples.subject("w-" + i),
              List.of(),
              payload);
      entries.add(new DeliveryQueue.Entry(delivery, null, clock.instant()));
    }
    var _ = deliveries.enqueue(entries);
  }

  /** Answers the oldest request that waits. */
  Request answer(AttemptResult result) {
    Request first = sent.removeFirst();
    first.answer().complete(new Sent(result, AttemptDetail.NONE));
    mailbox.runAll();
    return first;
  }

  void after(Duration time) {
    clock.advance(time);
    engine.tick();
    mailbox.runAll();
  }

  List<Delivery> listed(Scope scope, DeliveryState state) {
    DeliveryFilter filter = new DeliveryFilter(state, null, null, null, null, null, null, null);
    return deliveries.list(scope, filter, null, 10_000).deliveries();
  }

  @Override
  public CompletionStage<Sent> send(Post post) {
    Request request = new Request(post, new CompletableFuture<>());
    sent.add(request);
    return request.answer();
  }

  @Override
  public void attempted(Claim claim, Attempt attempt, NextStep next) {
    if (losing) {
      throw new IllegalStateException("a bug");
    }
  }

  @Override
  public void cancelled(Claim claim, String reason) {
    heard.add("cancelled");
  }

  @Override
  public void fenced(Claim claim) {
    heard.add("fenced");
  }

  @Override
  public void claimLost(Claim claim) {
    heard.add("lost " + claim.id().text());
  }

  @Override
  public void eventNotStored(Scope scope) {
    heard.add("not stored");
  }

  @Override
  public void laneShrunk(Scope scope) {
    heard.add("shrunk " + scope.sandbox());
  }

  @Override
  public void laneReopened(Scope scope) {
    heard.add("reopened " + scope.sandbox());
  }

  @Override
  public void failing(Scope scope, EndpointHealth health, String detail) {
    failing.add(detail);
  }

  @Override
  public void degraded(Scope scope, EndpointHealth health, Instant disabledAt) {
    heard.add("degraded");
  }

  @Override
  public void recovered(Scope scope) {
    heard.add("recovered");
  }

  @Override
  public void degradedEndpoints(int count) {}

  @Override
  public void load(EngineLoad now) {
    load = now;
  }

  @Override
  public void replaysRunning(int count) {}

  @Override
  public void replayed(long deliveries) {}

  @Override
  public void disabledByFailure(Scope scope) {
    heard.add("disabledByFailure");
  }

  @Override
  public void disabledByEndpoint(Scope scope) {
    heard.add("disabled " + scope.sandbox());
  }

  @Override
  public void purged(int deliveries, int bodies) {
    heard.add("purged " + deliveries + " " + bodies);
  }

  @Override
  public void settlesNothing(Throwable cause) {
    heard.add("settles nothing");
  }

  @Override
  public void settlesAgain(int unsettled) {
    heard.add("settles again");
  }

  @Override
  public void settlementRefused(Claim claim, Throwable cause) {
    heard.add("refused " + claim.id().text());
  }

  @Override
  public void storeFailed(String operation, Throwable cause) {
    heard.add("failed " + operation);
  }
}
