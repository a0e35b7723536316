package dev.feedbackwebhooks.persistence.migration;

import static dev.feedbackwebhooks.domain.testing.Samples.NOW;

import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.attempt.NextStep;
import dev.feedbackwebhooks.domain.attempt.NextStep.Ending;
import dev.feedbackwebhooks.domain.campaign.Campaign;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Entry;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Room;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.delivery.DeliverySubject;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.delivery.MessageKey;
import dev.feedbackwebhooks.domain.delivery.MessageOrder;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.delivery.Settlement;
import dev.feedbackwebhooks.domain.delivery.TraceParent;
import dev.feedbackwebhooks.domain.health.EndpointHealth;
import dev.feedbackwebhooks.domain.replay.Replay;
import dev.feedbackwebhooks.domain.replay.ReplayId;
import dev.feedbackwebhooks.domain.replay.ReplayPlan;
import dev.feedbackwebhooks.domain.replay.ReplayState;
import dev.feedbackwebhooks.domain.replay.ReplayTally;
import dev.feedbackwebhooks.domain.testing.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A store in which everything has happened that can. */
final class LivedStore {
  static final Scope SCOPE = Samples.SCOPE;

  /** What waits here is held: its configuration is disabled. */
  static final Scope HELD = new Scope("myImsOrg", "held");

  /** What waits here is cancelled: its configuration was deleted. */
  static final Scope GONE = new Scope("otherOrg", "prod");

  /** What is replayed. */
  static final DeliveryFilter DELIVERED =
      new DeliveryFilter(
          DeliveryState.DELIVERED,
          null,
          null,
          null,
          null,
          null,
          NOW.minusSeconds(60),
          NOW.plusSeconds(60));

  private static final long FIRST = DeliveryId.firstAt(NOW).value();
  private static final Lease LEASE = new Lease(77, NOW.plusSeconds(60));
  private static final TraceParent TRACE =
      new TraceParent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

  private final Ports ports;

  LivedStore(Ports ports) {
    this.ports = ports;
  }

  static DeliveryId id(int number) {
    return new DeliveryId(FIRST + number);
  }

  static NewDelivery delivery(Scope scope, long configId, int number) {
    return delivery(scope, configId, number, "bounce", new MessageOrder.Any());
  }

  private static NewDelivery delivery(
      Scope scope, long configId, int number, String status, MessageOrder turn) {
    String event = "e-" + number;
    return new NewDelivery(
        id(number),
        scope,
        configId,
        new DeliverySubject(
            event,
            NOW,
            "request-" + number % 3,
            "execution-" + number % 5,
            Samples.subject(event).channel(),
            Samples.CAMPAIGN,
            status),
        turn,
        List.of("\"é\\\"@luma.com", event + "@luma.com"),
        Samples.payload(event).in(number % 2 == 0 ? TRACE : null));
  }

  /**
   * @param many deliveries
   */
  void fill(int many) {
    for (Scope scope : List.of(SCOPE, GONE)) {
      require(ports.configs().insert(Samples.config(scope), Samples.entry()));
    }
    require(ports.configs().insert(Samples.fullConfig(HELD), Samples.entry()));
    for (int i = 0; i < 5; i++) {
      Campaign campaign = new Campaign(SCOPE, "campaign-" + i, i % 2 == 0, NOW.plusSeconds(i));
      var _ = ports.campaigns().put(campaign, null, Samples.entry());
    }
    var _ =
        done(
            ports
                .health()
                .begin(SCOPE, new EndpointHealth(-7, NOW, NOW, NOW, 3, true, "HTTP 503")));
    deliver(many);
    messages(many);
    others(many + 2);
    replays();
    require(ports.configs().delete(GONE, Samples.config().id(), 1, Samples.entry()));
  }

  /** In every state, a seventh each. */
  private void deliver(int many) {
    List<NewDelivery> all = new ArrayList<>();
    for (int number = 0; number < many; number++) {
      all.add(delivery(SCOPE, Samples.config().id(), number));
    }
    var _ =
        done(
            ports
                .queue()
                .enqueue(
                    all.stream()
                        .map(one -> new Entry(one, isClaimed(one) ? LEASE : null, NOW))
                        .toList()));
    List<Settlement> settlements = new ArrayList<>();
    for (NewDelivery one : all) {
      NextStep next = next(one);
      if (isClaimed(one) && next != null) {
        settlements.add(settlement(claim(one), next));
      }
    }
    var _ = done(ports.queue().settle(settlements));
    List<Settlement> again = new ArrayList<>();
    Room room = new Room(many, Long.MAX_VALUE);
    for (Claim claim :
        done(ports.queue().claimDue(SCOPE, room, NOW.minusSeconds(1), LEASE)).claims()) {
      again.add(settlement(claim, new NextStep.Done()));
    }
    var _ = done(ports.queue().settle(again));
  }

  private static int kind(NewDelivery one) {
    return (int) ((one.id().value() - FIRST) % 8);
  }

  private static boolean isClaimed(NewDelivery one) {
    return kind(one) != 0;
  }

  /** Null for what stays claimed. */
  private static @Nullable NextStep next(NewDelivery one) {
    return switch (kind(one)) {
      case 2 -> new NextStep.Done();
      case 3 -> new NextStep.GiveUp(Ending.EXHAUSTED, "tried often enough");
      case 4 -> new NextStep.GiveUp(Ending.REFUSED, "HTTP 400");
      case 5 -> new NextStep.GiveUp(Ending.CANCELLED, "the configuration is gone");
      case 6 -> new NextStep.RetryAt(NOW.plusSeconds(60));
      case 7 -> new NextStep.RetryAt(NOW.minusSeconds(1));
      default -> null;
    };
  }

  private static Claim claim(NewDelivery one) {
    return new Claim(one.id(), one.scope(), one.configId(), LEASE.claimId(), 0, 0, one.payload());
  }

  private static Settlement settlement(Claim claim, NextStep next) {
    AttemptResult result =
        switch (next) {
          case NextStep.Done _ -> new AttemptResult.Accepted(204);
          case NextStep.RetryAt _ ->
              new AttemptResult.Retryable(AttemptFailure.HTTP_STATUS, 503, null, "HTTP 503");
          case NextStep.GiveUp(_, String reason) -> new AttemptResult.Refused(400, reason);
        };
    Instant until = next instanceof NextStep.RetryAt(Instant at) ? at : null;
    Attempt attempt =
        new Attempt(
            claim.nextAttempt(), NOW, Duration.ofMillis(7), result, Samples.attemptDetail(), until);
    return new Settlement(claim, attempt, next, NOW);
  }

  /** One that waits for the first of its message. */
  private void messages(int from) {
    MessageKey message = new MessageKey(-4711);
    NewDelivery first =
        delivery(SCOPE, Samples.config().id(), from, "sent", new MessageOrder.First(message));
    NewDelivery second =
        delivery(
            SCOPE,
            Samples.config().id(),
            from + 1,
            "bounce",
            new MessageOrder.After(message, Duration.ofHours(1)));
    var _ =
        done(
            ports
                .queue()
                .enqueue(List.of(new Entry(first, null, NOW), new Entry(second, null, NOW))));
  }

  private void others(int from) {
    NewDelivery held = delivery(HELD, Samples.fullConfig(HELD).id(), from);
    NewDelivery gone = delivery(GONE, Samples.config().id(), from + 1);
    var _ =
        done(
            ports.queue().enqueue(List.of(new Entry(held, null, NOW), new Entry(gone, null, NOW))));
  }

  /** One that runs and has queued some, one that is over. */
  private void replays() {
    Replay running = replay(1, "wish");
    Replay cancelled = replay(2, "");
    for (Replay each : List.of(running, cancelled)) {
      var _ = ports.replays().start(each, 10, Samples.entry());
    }
    var _ = ports.replays().cancel(SCOPE, cancelled.id(), NOW, Samples.entry());
    var _ = done(ports.replays().step(running, 10, NOW));
  }

  private static Replay replay(long id, String request) {
    return new Replay(
        new ReplayId(id),
        SCOPE,
        new ReplayPlan("state = DELIVERED", DELIVERED, 100, request),
        ReplayState.RUNNING,
        ReplayTally.of(0),
        null,
        NOW,
        NOW,
        null);
  }

  static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static void require(boolean done) {
    if (!done) {
      throw new AssertionError("was not done");
    }
  }
}
