package dev.feedbackwebhooks.domain.event;

import dev.feedbackwebhooks.domain.campaign.Campaigns;
import dev.feedbackwebhooks.domain.config.Channel;
import dev.feedbackwebhooks.domain.config.Configs;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.EventName;
import dev.feedbackwebhooks.domain.delivery.DeliverySubject;
import dev.feedbackwebhooks.domain.delivery.Enqueued;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.delivery.Payload;
import dev.feedbackwebhooks.domain.engine.DeliveryEngine;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.domain.fault.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** Turns each event into a delivery on disk, or into the reason why there is none. */
public final class EventIntake {
  /** Largest body that a receiver is asked to take, in bytes. */
  public static final int MAX_PAYLOAD_BYTES = 256 * 1024;

  private final Configs configs;
  private final Campaigns campaigns;
  private final PayloadFormat format;
  private final DeliveryEngine engine;
  private final IntakeTraces traces;
  private final Runnable confirm;

  /**
   * @param confirm makes sure that configurations and campaigns are remembered as they are, if
   *     other processes change them too; called before an event is turned away, and may block
   */
  public EventIntake(
      Configs configs,
      Campaigns campaigns,
      PayloadFormat format,
      DeliveryEngine engine,
      IntakeTraces traces,
      Runnable confirm) {
    this.configs = configs;
    this.campaigns = campaigns;
    this.format = format;
    this.engine = engine;
    this.traces = traces;
    this.confirm = confirm;
  }

  /**
   * Decides on all events and stores what is to be delivered in one commit.
   *
   * @return one outcome per event, in their order, once every accepted one is durable; fails with a
   *     {@link dev.feedbackwebhooks.domain.fault.Fault} if nothing could be stored
   */
  public CompletionStage<List<IntakeOutcome>> take(List<FeedbackEvent> events) {
    return traces.taking(events, this::takeTraced);
  }

  private CompletionStage<List<IntakeOutcome>> takeTraced(List<FeedbackEvent> events) {
    try {
      return decideAll(events);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /**
   * Looks up by which deliveries events are known that break a rule: of one that is, the first
   * stands. Sees what earlier calls of {@link #take} store.
   */
  public CompletionStage<List<Optional<DeliveryId>>> known(List<EventName> events) {
    return events.isEmpty() ? CompletableFuture.completedFuture(List.of()) : engine.known(events);
  }

  private CompletionStage<List<IntakeOutcome>> decideAll(List<FeedbackEvent> events) {
    List<Decision> decisions = confirmed(events, events.stream().map(this::decide).toList());
    List<NewDelivery> deliveries = new ArrayList<>(decisions.size());
    List<EventName> dropped = new ArrayList<>();
    for (Decision decision : decisions) {
      switch (decision) {
        case Deliver deliver -> deliveries.add(deliver.delivery());
        case Drop drop -> dropped.add(drop.event());
      }
    }
    CompletionStage<List<Enqueued>> stored =
        deliveries.isEmpty()
            ? CompletableFuture.completedFuture(List.of())
            : engine.enqueue(deliveries);
    // Asked for afterwards: what is stored with this message is known as well.
    return stored.thenCombine(
        known(dropped), (enqueued, known) -> outcomes(decisions, enqueued, known));
  }

  /** Decides again on what would be turned away, by what is so now. */
  private List<Decision> confirmed(List<FeedbackEvent> events, List<Decision> decisions) {
    if (decisions.stream().noneMatch(Drop.class::isInstance)) {
      return decisions;
    }
    confirm.run();
    List<Decision> confirmed = new ArrayList<>(decisions);
    for (int i = 0; i < confirmed.size(); i++) {
      if (confirmed.get(i) instanceof Drop) {
        confirmed.set(i, decide(events.get(i)));
      }
    }
    return confirmed;
  }

  private static List<IntakeOutcome> outcomes(
      List<Decision> decisions, List<Enqueued> enqueued, List<Optional<DeliveryId>> known) {
    Iterator<Enqueued> answers = enqueued.iterator();
    Iterator<Optional<DeliveryId>> earlier = known.iterator();
    List<IntakeOutcome> outcomes = new ArrayList<>(decisions.size());
    for (Decision decision : decisions) {
      outcomes.add(
          switch (decision) {
            case Drop(_, var outcome) ->
                earlier.next().<IntakeOutcome>map(IntakeOutcome.Duplicate::new).orElse(outcome);
            case Deliver _ ->
                switch (answers.next()) {
                  case Enqueued.Stored(var id) -> new IntakeOutcome.Accepted(id);
                  case Enqueued.Duplicate(var id) -> new IntakeOutcome.Duplicate(id);
                  case Enqueued.Refused(var incident) ->
                      new IntakeOutcome.Rejected(List.of(notStorable(incident)));
                  // Its sender must not drop it: the others of the message will be known.
                  case Enqueued.Failed _ -> throw notStored();
                };
          });
    }
    return outcomes;
  }

  private Decision decide(FeedbackEvent event) {
    Scope scope = event.scope();
    Optional<WebhookConfig> config = configs.current(scope);
    Optional<SkipReason> skip = skip(event, scope, config);
    if (skip.isPresent() || config.isEmpty()) {
      return new Drop(name(event), new IntakeOutcome.Skipped(skip.orElse(SkipReason.NO_CONFIG)));
    }
    Payload payload = format.render(event, config.get().terms().payload());
    if (payload.size() > MAX_PAYLOAD_BYTES) {
      return new Drop(name(event), new IntakeOutcome.Rejected(List.of(tooLarge(payload))));
    }
    return new Deliver(
        new NewDelivery(
            engine.nextId(),
            scope,
            config.get().id(),
            subject(event),
            MessageOrderRules.turn(event, config.get().terms()),
            recipients(event),
            payload.in(event.trace())));
  }

  private Optional<SkipReason> skip(
      FeedbackEvent event, Scope scope, Optional<WebhookConfig> config) {
    if (config.isEmpty()) {
      return Optional.of(SkipReason.NO_CONFIG);
    }
    if (!config.get().status().active()) {
      return Optional.of(SkipReason.CONFIG_DISABLED);
    }
    if (event.execution().messageType() != FeedbackEvent.MessageType.TRANSACTIONAL) {
      return Optional.of(SkipReason.NOT_TRANSACTIONAL);
    }
    if (!config.get().channels().contains(event.channel())) {
      return Optional.of(SkipReason.CHANNEL_NOT_SELECTED);
    }
    if (!event.feedback().status().forwarded()) {
      return Optional.of(SkipReason.STATUS_NOT_FORWARDED);
    }
    return campaigns.enabled(scope, event.execution().campaignId())
        ? Optional.empty()
        : Optional.of(SkipReason.CAMPAIGN_NOT_ENABLED);
  }

  private static EventName name(FeedbackEvent event) {
    return new EventName(event.scope(), event.eventId());
  }

  private static DeliverySubject subject(FeedbackEvent event) {
    return new DeliverySubject(
        event.eventId(),
        event.eventTime(),
        event.requestId(),
        event.execution().messageExecutionId(),
        event.channel(),
        event.execution().campaignId(),
        event.feedback().status().name().toLowerCase(Locale.ROOT));
  }

  private static List<String> recipients(FeedbackEvent event) {
    Stream<String> identities =
        event.identityMap().values().stream().flatMap(List::stream).map(FeedbackEvent.Identity::id);
    return Stream.concat(identities, profile(event)).distinct().toList();
  }

  /** The recipient of a text message, where the event names one. */
  private static Stream<String> profile(FeedbackEvent event) {
    return event.channel() == Channel.SMS
        ? Stream.of(
                Optional.ofNullable(event.context().profileAddress()),
                Optional.ofNullable(event.context().profileNumber()))
            .flatMap(Optional::stream)
        : Stream.of();
  }

  private static Violation tooLarge(Payload payload) {
    return new Violation(
        "event",
        "renders to "
            + payload.size()
            + " bytes of JSON: a receiver gets at most "
            + MAX_PAYLOAD_BYTES);
  }

  private static Violation notStorable(String incident) {
    return new Violation(
        "event",
        "is refused by the database, and would be again: the server's log says why by the incident"
            + " id "
            + incident);
  }

  private static Fault notStored() {
    return new Fault.Unavailable(
        Reason.STORE_UNAVAILABLE,
        "the store cannot take an event of this request, which is no fault of the event: send it"
            + " again; the server's log says what is to be repaired",
        Duration.ofSeconds(5));
  }

  private sealed interface Decision {}

  /**
   * @param outcome unless the event is known
   */
  private record Drop(EventName event, IntakeOutcome outcome) implements Decision {}

  private record Deliver(NewDelivery delivery) implements Decision {}
}
