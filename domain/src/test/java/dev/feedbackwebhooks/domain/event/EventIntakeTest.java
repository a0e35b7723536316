package dev.feedbackwebhooks.domain.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.campaign.Campaigns;
import dev.feedbackwebhooks.domain.config.ConfigDraft;
import dev.feedbackwebhooks.domain.config.Configs;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.EventName;
import dev.feedbackwebhooks.domain.delivery.Payload;
import dev.feedbackwebhooks.domain.engine.EngineHarness;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.domain.testing.Samples;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An event that is stored is a duplicate, whatever became of what it was accepted by. */
class EventIntakeTest {
  private final EngineHarness harness = new EngineHarness();
  private final Campaigns campaigns = new Campaigns(harness.store, harness.clock);

  /** Another process's, on the same store. */
  private final Configs configsElsewhere =
      new Configs(harness.store, Samples.rules(), Samples.FINGERPRINTS, harness.clock, () -> 2);

  private Payload body = Samples.payload("body");
  private int confirmed;
  private Runnable confirming = () -> {};

  private final EventIntake intake =
      new EventIntake(
          harness.configs,
          campaigns,
          (_, _) -> body,
          harness.engine,
          IntakeTraces.NONE,
          () -> {
            confirmed++;
            confirming.run();
          });

  @BeforeEach
  void configuration() {
    var _ = harness.configs.create(Samples.WHO, Samples.draft(), false);
    campaign(true);
  }

  private void campaign(boolean enabled) {
    var _ = campaigns.put(Samples.WHO, Samples.SCOPE, Samples.CAMPAIGN, enabled);
  }

  private List<IntakeOutcome> take(String... eventIds) {
    var taken = intake.take(Arrays.stream(eventIds).map(Samples::event).toList());
    harness.mailbox.runAll();
    return taken.toCompletableFuture().join();
  }

  private DeliveryId accept(String eventId) {
    return ((IntakeOutcome.Accepted) take(eventId).getFirst()).delivery();
  }

  private static IntakeOutcome skipped(SkipReason reason) {
    return new IntakeOutcome.Skipped(reason);
  }

  private void disable(Configs configs) {
    ConfigDraft draft = Samples.draft();
    WebhookConfig stored = configs.get(Samples.SCOPE);
    var _ =
        configs.update(
            Samples.WHO,
            stored,
            new ConfigDraft(
                draft.scope(),
                draft.displayName(),
                draft.channels(),
                draft.url(),
                draft.authentication(),
                draft.headers(),
                false),
            false);
  }

  @Test
  void anAcceptedEventStaysADuplicateWhateverIsSwitchedOff() {
    DeliveryId first = accept("e-1");
    campaign(false);
    assertThat(take("e-1", "e-2"))
        .containsExactly(
            new IntakeOutcome.Duplicate(first), skipped(SkipReason.CAMPAIGN_NOT_ENABLED));
    campaign(true);
    disable(harness.configs);
    assertThat(take("e-2", "e-1"))
        .containsExactly(skipped(SkipReason.CONFIG_DISABLED), new IntakeOutcome.Duplicate(first));
    harness.configs.delete(Samples.WHO, Samples.SCOPE, "");
    assertThat(take("e-1", "e-2"))
        .containsExactly(new IntakeOutcome.Duplicate(first), skipped(SkipReason.NO_CONFIG));
  }

  @Test
  void anAcceptedEventIsADuplicateWhenItsBodyWouldBeRefusedNow() {
    DeliveryId first = accept("e-1");
    body = Payload.of(new byte[EventIntake.MAX_PAYLOAD_BYTES + 1]);
    List<IntakeOutcome> outcomes = take("e-1", "e-2");
    assertThat(outcomes).startsWith(new IntakeOutcome.Duplicate(first));
    assertThat(outcomes.getLast()).isInstanceOf(IntakeOutcome.Rejected.class);
    assertThat(
            intake
                .known(
                    List.of(
                        new EventName(Samples.SCOPE, "e-1"), new EventName(Samples.SCOPE, "e-2")))
                .toCompletableFuture()
                .join())
        .containsExactly(Optional.of(first), Optional.empty());
  }

  @Test
  void anEventThatIsNotWantedIsADuplicateOfOneThatCameWithIt() {
    FeedbackEvent wanted = Samples.event("e-1");
    FeedbackEvent other =
        new FeedbackEvent(
            "e-1",
            wanted.eventTime(),
            wanted.requestId(),
            wanted.imsOrg(),
            wanted.sandbox(),
            wanted.channel(),
            new FeedbackEvent.MessageExecution(
                "x", FeedbackEvent.MessageType.MARKETING, Samples.CAMPAIGN, null),
            wanted.feedback(),
            wanted.identityMap());
    var taken = intake.take(List.of(wanted, other));
    harness.mailbox.runAll();
    List<IntakeOutcome> outcomes = taken.toCompletableFuture().join();
    assertThat(outcomes.getLast())
        .isEqualTo(
            new IntakeOutcome.Duplicate(((IntakeOutcome.Accepted) outcomes.getFirst()).delivery()));
  }

  @Test
  void nobodyIsTurnedAwayForWhatIsRememberedBeforeThatIsConfirmed() {
    assertThat(take("e-1")).hasOnlyElementsOfType(IntakeOutcome.Accepted.class);
    assertThat(confirmed).as("nobody is turned away").isZero();
    disable(harness.configs);
    assertThat(take("e-2", "e-3", "e-4"))
        .containsOnly(skipped(SkipReason.CONFIG_DISABLED))
        .hasSize(3);
    assertThat(confirmed).as("once for all").isEqualTo(1);
    WebhookConfig stored = configsElsewhere.get(Samples.SCOPE);
    var _ = configsElsewhere.update(Samples.WHO, stored, Samples.draft(), false);
    confirming = () -> harness.configs.changedElsewhere(Samples.SCOPE);
    assertThat(take("e-2", "e-3")).hasOnlyElementsOfType(IntakeOutcome.Accepted.class);
  }

  /** As a store that is away does, on the thread of who calls. */
  @Test
  void whatCannotBeLookedUpFailsAsWhatCannotBeStored() {
    campaign(false);
    Fault.Unavailable away =
        new Fault.Unavailable(Reason.STORE_UNAVAILABLE, "away", Duration.ofSeconds(1));
    confirming =
        () -> {
          throw away;
        };
    assertThat(intake.take(List.of(Samples.event("e-1"))))
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .havingCause()
        .isSameAs(away);
  }

  @Test
  void whatTheStoreCannotTakeThroughNoFaultOfTheEventIsToBeSentAgain() {
    harness.deliveries.failFor(delivery -> delivery.subject().eventId().equals("e-2"));
    var taken = intake.take(List.of(Samples.event("e-1"), Samples.event("e-2")));
    harness.mailbox.runAll();
    assertThat(taken).isCompletedExceptionally();
    assertThat(taken.toCompletableFuture().exceptionNow()).isInstanceOf(Fault.Unavailable.class);
    assertThat(harness.heard).contains("not stored");
    harness.deliveries.failFor(_ -> false);
    assertThat(take("e-1", "e-2"))
        .extracting(Object::getClass)
        .containsExactly(IntakeOutcome.Duplicate.class, IntakeOutcome.Accepted.class);
    assertThat(harness.sent).as("both go out").hasSize(2);
  }
}
