package dev.feedbackwebhooks.domain.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedbackwebhooks.domain.attempt.NextStep;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.delivery.RetryOutcome;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.domain.watch.ChangeCursor;
import dev.feedbackwebhooks.domain.watch.ChangePosition;
import dev.feedbackwebhooks.domain.watch.ChangeStore;
import dev.feedbackwebhooks.domain.watch.Changes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link ChangeStore} keeps. */
public abstract class ChangeStoreContract extends DeliveryStoreContract {
  private static final DeliveryFilter ALL = DeliveryFilter.ALL;

  /** The changes of the same deliveries. */
  protected abstract ChangeStore changes();

  @BeforeEach
  void configuration() {
    assertThat(configs().insert(Samples.config(), Samples.entry())).isTrue();
  }

  @Test
  void tellsWhatChangesInItsScopeOnly() {
    ChangeCursor begin = changes().newest();
    assertThat(told(begin)).isEmpty();
    enqueue(delivery(1), Samples.delivery(OTHER, 2, "e-2"), delivery(3));
    assertThat(told(begin)).containsExactly("1 WAITING", "3 WAITING");
    ChangeCursor next = changes().after(SCOPE, ALL, begin, 10).next();
    assertThat(next).isEqualTo(changes().newest());
    List<Claim> claims = claim(lease(10));
    assertThat(told(next)).as("that it is taken up is no change").isEmpty();
    assertThat(settle(claims.getFirst(), new NextStep.RetryAt(NOW.plusSeconds(5)))).isTrue();
    assertThat(told(next)).containsExactly("1 WAITING");
    assertThat(settleAccepted(claims.getLast())).isTrue();
    assertThat(told(next)).containsExactly("1 WAITING", "3 DELIVERED");
    assertThat(told(begin)).as("as they are now").containsExactly("1 WAITING", "3 DELIVERED");
  }

  @Test
  void whatAnOldLeaseHolderSendsIsNoChange() {
    enqueue(delivery(1));
    Claim claim = claimOne(10);
    assertThat(settleAccepted(claim)).isTrue();
    ChangeCursor begin = changes().newest();
    assertThat(settleAccepted(claim)).isFalse();
    assertThat(told(begin)).isEmpty();
  }

  @Test
  void goesOnBehindEachChange() {
    ChangeCursor begin = changes().newest();
    enqueue(delivery(1), delivery(2), delivery(3));
    Changes first = changes().after(SCOPE, ALL, begin, 2);
    assertThat(first.list()).hasSize(2);
    assertThat(told(first.list().getFirst().cursor())).containsExactly("2 WAITING", "3 WAITING");
    assertThat(told(first.next())).containsExactly("3 WAITING");
    assertThat(told(changes().after(SCOPE, ALL, first.next(), 1).next())).isEmpty();
  }

  @Test
  void tellsWhatIsAsTheFilterSaysNow() {
    ChangeCursor begin = changes().newest();
    enqueue(delivery(1), delivery(2));
    DeliveryFilter delivered =
        new DeliveryFilter(DeliveryState.DELIVERED, null, null, null, null, null, null, null);
    Changes none = changes().after(SCOPE, delivered, begin, 10);
    assertThat(none.list()).isEmpty();
    assertThat(settleAccepted(claimOne(10))).isTrue();
    assertThat(told(delivered, none.next())).containsExactly("1 DELIVERED");
  }

  @Test
  void tellsOfOneThatBeginsAnew() {
    enqueue(delivery(1));
    assertThat(settle(claimOne(10), new NextStep.GiveUp(NextStep.Ending.EXHAUSTED, "enough")))
        .isTrue();
    ChangeCursor begin = changes().newest();
    assertThat(book().retry(SCOPE, new DeliveryId(1), Samples.config().id(), NOW, Samples.entry()))
        .isEqualTo(RetryOutcome.DUE);
    assertThat(told(begin)).containsExactly("1 WAITING");
  }

  @Test
  void aCursorOfElsewhereIsRefused() {
    enqueue(delivery(1));
    ChangeCursor newest = changes().newest();
    newest
        .places()
        .forEach((node, place) -> {
          refuses(moved(newest, node, ChangePosition.after(place.commit() + 1, place.time())));
          refuses(
              moved(
                  newest, node, ChangePosition.after(place.commit(), place.time().plusMillis(1))));
        });
    refuses(ChangeCursor.of(Map.of()));
  }

  private static ChangeCursor moved(ChangeCursor cursor, long node, ChangePosition place) {
    Map<Long, ChangePosition> places = new HashMap<>(cursor.places());
    places.put(node, place);
    return ChangeCursor.of(places);
  }

  private void refuses(ChangeCursor cursor) {
    assertThatThrownBy(() -> changes().after(SCOPE, ALL, cursor, 10))
        .isInstanceOfSatisfying(
            Fault.NotNow.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(Reason.CURSOR_EXPIRED));
  }

  @Test
  void whoWaitsIsWoken() throws Exception {
    ChangeCursor begin = changes().newest();
    assertThat(changes().awaitAfter(begin, Duration.ZERO)).isFalse();
    CompletableFuture<List<String>> woken =
        CompletableFuture.supplyAsync(() -> {
          try {
            assertThat(changes().awaitAfter(begin, Duration.ofMinutes(1))).isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return told(begin);
        });
    enqueue(delivery(1));
    assertThat(done(woken)).containsExactly("1 WAITING");
  }

  private List<String> told(ChangeCursor cursor) {
    return told(ALL, cursor);
  }

  private List<String> told(DeliveryFilter filter, ChangeCursor cursor) {
    return changes().after(SCOPE, filter, cursor, 10).list().stream()
        .map(change -> change.delivery().id().value() + " " + change.delivery().state())
        .toList();
  }
}
