package dev.feedbackwebhooks.domain.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.NextStep;
import dev.feedbackwebhooks.domain.config.Channel;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryPage;
import dev.feedbackwebhooks.domain.delivery.DeliveryReads;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.delivery.RetryOutcome;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link DeliveryReads} keeps. */
public abstract class DeliveryReadsContract extends DeliveryStoreContract {
  @BeforeEach
  void configuration() {
    assertThat(configs().insert(Samples.config(), Samples.entry())).isTrue();
  }

  @Test
  void findsADeliveryWithItsAttemptsInItsScopeOnly() {
    enqueue(delivery(1));
    Claim first = claimOne(10);
    assertThat(settle(first, new NextStep.RetryAt(NOW))).isTrue();
    Claim second = claimOne(11);
    assertThat(settle(second, new NextStep.RetryAt(NOW.plusSeconds(5)))).isTrue();

    assertThat(find(1))
        .isEqualTo(
            new Delivery(
                new DeliveryId(1),
                SCOPE,
                Samples.subject("e-1"),
                DeliveryState.WAITING,
                "",
                2,
                NOW.plusSeconds(5),
                NOW,
                NOW,
                List.of(attempt(first, NOW), attempt(second, NOW.plusSeconds(5)))));
    assertThat(book().find(OTHER, new DeliveryId(1))).isEmpty();
    assertThat(book().find(SCOPE, new DeliveryId(2))).isEmpty();
  }

  @Test
  void whatWaitsForADisabledConfigurationIsHeld() {
    enqueue(delivery(1));
    assertThat(configs().replace(Samples.disabledConfig(), 1, Samples.entry())).isTrue();
    assertThat(state(1)).isEqualTo(DeliveryState.HELD);
    assertThat(find(1).nextAttempt()).isNull();
    assertThat(find(1).stateReason()).isEqualTo(Delivery.HELD_REASON);
    assertThat(ids(state(DeliveryState.HELD), null, 10)).containsExactly(1L);
    assertThat(ids(state(DeliveryState.WAITING), null, 10)).isEmpty();
  }

  @Test
  void whatWaitsForADeletedConfigurationIsCancelled() {
    enqueue(delivery(1));
    assertThat(configs().delete(SCOPE, Samples.config().id(), 1, Samples.entry())).isTrue();
    assertThat(state(1)).isEqualTo(DeliveryState.CANCELLED);
    assertThat(configs().insert(Samples.fullConfig(SCOPE), Samples.entry())).isTrue();
    assertThat(state(1)).as("another configuration is not its").isEqualTo(DeliveryState.CANCELLED);
    assertThat(find(1).stateReason()).isEqualTo(Delivery.CANCELLED_REASON);
    assertThat(ids(state(DeliveryState.CANCELLED), null, 10)).containsExactly(1L);
  }

  @Test
  void listsNewestFirstInPagesThatInsertsDoNotMove() {
    enqueue(delivery(1), delivery(2), delivery(3), Samples.delivery(OTHER, 4, "e"));
    assertThat(ids(DeliveryFilter.ALL, null, 2)).containsExactly(3L, 2L);
    enqueue(delivery(5));
    assertThat(ids(DeliveryFilter.ALL, new DeliveryId(2), 2)).containsExactly(1L);
    assertThat(book().list(SCOPE, DeliveryFilter.ALL, null, 1).deliveries().getFirst().attempts())
        .isEmpty();
    assertThat(book().list(new Scope("x", "y"), DeliveryFilter.ALL, null, 1).deliveries())
        .isEmpty();
  }

  @Test
  void listsByEachPartOfAFilter() {
    long first = DeliveryId.firstAt(NOW).value();
    enqueue(delivery(first), delivery(first + 1));
    assertThat(settle(claimOne(10), new NextStep.Done())).isTrue();
    assertThat(ids(state(DeliveryState.DELIVERED), null, 10)).containsExactly(first);
    assertThat(ids(state(DeliveryState.CLAIMED), null, 10)).containsExactly(first + 1);
    assertThat(ids(state(DeliveryState.EXHAUSTED), null, 10)).isEmpty();
    assertThat(ids(filter(Channel.EMAIL, null, null, null, null), null, 10)).hasSize(2);
    assertThat(ids(filter(Channel.SMS, null, null, null, null), null, 10)).isEmpty();
    assertThat(ids(filter(null, Samples.CAMPAIGN, null, null, null), null, 10)).hasSize(2);
    assertThat(ids(filter(null, "other", null, null, null), null, 10)).isEmpty();
    assertThat(ids(filter(null, null, "request-1", null, null), null, 10)).hasSize(2);
    assertThat(ids(filter(null, null, "request-2", null, null), null, 10)).isEmpty();
    assertThat(ids(filter(null, null, null, NOW, NOW.plusMillis(1)), null, 10)).hasSize(2);
    assertThat(ids(filter(null, null, null, NOW.plusMillis(1), null), null, 10)).isEmpty();
    assertThat(ids(filter(null, null, null, null, NOW), null, 10)).isEmpty();
  }

  @Test
  void listsByExecutionAndByRecipient() {
    enqueue(delivery(1), delivery(2), Samples.delivery(OTHER, 3, "e-1"));
    assertThat(ids(of("execution-1", null), null, 10)).containsExactly(2L, 1L);
    assertThat(ids(of("execution-2", null), null, 10)).isEmpty();
    assertThat(ids(of(null, "john.doe@luma.com"), null, 10)).containsExactly(2L, 1L);
    assertThat(ids(of(null, "e-1@luma.com"), null, 10)).containsExactly(1L);
    assertThat(ids(of("execution-1", "e-2@luma.com"), null, 10)).containsExactly(2L);
    assertThat(ids(of(null, "E-1@luma.com"), null, 10)).as("exactly").isEmpty();
    assertThat(ids(of(null, "luma.com"), null, 10)).as("all of it").isEmpty();
  }

  @Test
  void theLastPageSaysThatItIs() {
    enqueue(delivery(1), delivery(2), delivery(3));
    DeliveryPage page = book().list(SCOPE, DeliveryFilter.ALL, null, 2);
    assertThat(page.next()).isEqualTo(new DeliveryId(2));
    assertThat(book().list(SCOPE, DeliveryFilter.ALL, page.next(), 1).next()).isNull();
    assertThat(book().list(SCOPE, DeliveryFilter.ALL, null, 3).next()).isNull();
  }

  @Test
  void retryBeginsTheScheduleAnewForTheConfigurationOfNow() {
    enqueue(delivery(1));
    assertThat(settle(claimOne(10), new NextStep.GiveUp(NextStep.Ending.EXHAUSTED, "enough")))
        .isTrue();
    assertThat(retry(1, 4711)).isEqualTo(RetryOutcome.DUE);
    assertThat(find(1).stateReason()).isEmpty();
    assertThat(find(1).nextAttempt()).isEqualTo(NOW);
    Claim again = claimOne(11);
    assertThat(again.nextAttempt()).isEqualTo(2);
    assertThat(again.firstOfRound()).isEqualTo(1);
    assertThat(retry(1, 4711)).as("in flight").isEqualTo(RetryOutcome.NOT_RETRYABLE);
    assertThat(settle(again, new NextStep.Done())).isTrue();
    assertThat(retry(1, 4711)).as("delivered").isEqualTo(RetryOutcome.NOT_RETRYABLE);
    assertThat(retry(2, 4711)).as("unknown").isEqualTo(RetryOutcome.NOT_RETRYABLE);
  }

  @Test
  void retryBringsACancelledOneToTheNewConfiguration() {
    enqueue(delivery(1));
    assertThat(configs().delete(SCOPE, Samples.config().id(), 1, Samples.entry())).isTrue();
    WebhookConfig next = Samples.fullConfig(SCOPE);
    assertThat(configs().insert(next, Samples.entry())).isTrue();
    assertThat(retry(1, next.id())).isEqualTo(RetryOutcome.DUE);
    assertThat(claimOne(11).configId()).isEqualTo(next.id());
  }

  private RetryOutcome retry(long id, long configId) {
    return book().retry(SCOPE, new DeliveryId(id), configId, NOW, Samples.entry());
  }

  private List<Long> ids(DeliveryFilter filter, @Nullable DeliveryId before, int limit) {
    return book().list(SCOPE, filter, before, limit).deliveries().stream()
        .map(delivery -> delivery.id().value())
        .toList();
  }

  private static DeliveryFilter state(DeliveryState state) {
    return new DeliveryFilter(state, null, null, null, null, null, null, null);
  }

  private static DeliveryFilter of(@Nullable String execution, @Nullable String recipient) {
    return new DeliveryFilter(null, null, null, null, execution, recipient, null, null);
  }

  private static DeliveryFilter filter(
      @Nullable Channel channel,
      @Nullable String campaign,
      @Nullable String request,
      @Nullable Instant from,
      @Nullable Instant before) {
    return new DeliveryFilter(null, channel, campaign, request, null, null, from, before);
  }
}
