package dev.feedbackwebhooks.persistence;

import static dev.feedbackwebhooks.domain.testing.Samples.NOW;
import static dev.feedbackwebhooks.domain.testing.Samples.SCOPE;
import static dev.feedbackwebhooks.persistence.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.config.Channel;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryPage;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Entry;
import dev.feedbackwebhooks.domain.delivery.DeliverySubject;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.retention.Retention.Expiry;
import dev.feedbackwebhooks.domain.testing.Samples;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a search finds once blocks tell where to look, and what it leaves to the next page. */
@NullUnmarked
class DeliverySearchTest {
  private static final int BLOCKS = 15;
  private static final int DELIVERIES = BLOCKS * DeliveryBlocks.ROWS + DeliveryBlocks.SPARE;

  /** The only one of its channel. */
  private static final int SMS = 7;

  private static final Instant LATER = NOW.plusSeconds(1);

  @TempDir Path directory;

  private OpenStore open;

  @BeforeEach
  void open() {
    open = OpenStore.in(directory);
  }

  @AfterEach
  void close() throws Exception {
    open.close();
  }

  @Test
  void whatIsRareIsFoundInOnePageAndNothingIsMissed() {
    enqueueAll();
    await().until(() -> open.count("delivery_block") == BLOCKS);
    for (int id : List.of(1, 4_096, 4_097, 30_000, BLOCKS * DeliveryBlocks.ROWS, DELIVERIES)) {
      assertThat(onePage(request("r-" + id))).as("request").containsExactly(id);
      assertThat(onePage(recipient("p-" + id))).as("recipient").containsExactly(id);
      assertThat(onePage(execution("x-" + id))).as("execution").containsExactly(id);
    }
    assertThat(onePage(request("r-0"))).isEmpty();
    assertThat(
            open.store()
                .book()
                .list(new Scope("other", "prod"), request("r-1"), null, 10)
                .deliveries())
        .isEmpty();
  }

  @Test
  void whatCannotBeSkippedIsGoneThroughPageByPage() {
    enqueueAll();
    DeliveryPage first = open.store().book().list(SCOPE, sms(), null, 10);
    assertThat(first.deliveries()).isEmpty();
    assertThat(first.next()).isEqualTo(id(DELIVERIES - DeliverySearch.LOOKED_AT + 1));
    DeliveryPage second = open.store().book().list(SCOPE, sms(), first.next(), 10);
    assertThat(second.deliveries().stream().map(Delivery::id)).containsExactly(id(SMS));
    assertThat(second.next()).isNull();
  }

  @Test
  void oneThatComesLateIsFoundThoughItsBlockStands() {
    enqueueAll();
    await().until(() -> open.count("delivery_block") == BLOCKS);
    DeliveryId between = new DeliveryId(id(20_000).value() + 1);
    enqueue(List.of(delivery(between, 0)));
    assertThat(open.store().book().list(SCOPE, request("r-0"), null, 10).deliveries())
        .singleElement()
        .extracting(Delivery::id)
        .isEqualTo(between);
  }

  @Test
  void blocksReachAcrossARestart() throws Exception {
    enqueueAll(1, 2_000);
    open.close();
    open = OpenStore.in(directory);
    enqueueAll(2_001, 3 * DeliveryBlocks.ROWS);
    await().until(() -> open.count("delivery_block") == 2);
    for (int id : List.of(1, 2_000, 2_001, 8_192, 8_193)) {
      assertThat(onePage(request("r-" + id))).containsExactly(id);
    }
  }

  @Test
  void moreThanAreRememberedAreRead() {
    enqueueAll(1, DELIVERIES + DeliveryBlocks.ROWS);
    await().until(() -> open.count("delivery_block") == BLOCKS + 1);
    assertThat(onePage(request("r-" + DELIVERIES))).containsExactly(DELIVERIES);
  }

  @Test
  void blocksGoOnIfDeliveriesWereRemovedBeforeTheirs() {
    enqueueAll(1, 100);
    endAll();
    purge(new Expiry(LATER, LATER, LATER));
    enqueueAll(101, 3 * DeliveryBlocks.ROWS);
    await().until(() -> open.count("delivery_block") == 1);
    assertThat(onePage(request("r-101"))).containsExactly(101);
  }

  @Test
  void oneOfVeryManyRecipientsIsFound() {
    List<String> recipients = IntStream.range(0, 5_000).mapToObj(i -> "many-" + i).toList();
    enqueue(List.of(delivery(id(1), 1, recipients)));
    enqueueAll(2, 3 * DeliveryBlocks.ROWS);
    await().until(() -> open.count("delivery_block") == 2);
    assertThat(onePage(recipient("many-4999"))).containsExactly(1);
    assertThat(onePage(recipient("p-8000"))).containsExactly(8_000);
  }

  @Test
  void oneWithAnIdBeforeAllBlocksIsFound() {
    enqueueAll();
    await().until(() -> open.count("delivery_block") == BLOCKS);
    removeOldest(2);
    enqueue(List.of(delivery(id(5), 0)));
    assertThat(onePage(request("r-0"))).containsExactly(5);
  }

  @Test
  void whoWasWrittenToIsForgottenThoughAnotherWaitsInTheBlock() {
    enqueueAll();
    await().until(() -> open.count("delivery_block") == BLOCKS);
    purge(new Expiry(LATER, LATER, LATER));
    assertThat(open.count("delivery_block WHERE recipients IS NOT NULL")).isZero();
    DeliveryFilter newest = recipient("p-" + DELIVERIES);
    assertThat(open.store().book().list(SCOPE, newest, null, 10).deliveries()).hasSize(1);
  }

  @Test
  void whatWasRemovedIsNotToldOfAnyMore() {
    enqueueAll();
    await().until(() -> open.count("delivery_block") == BLOCKS);
    endAll();
    purge(new Expiry(NOW, NOW, LATER));
    assertThat(open.count("payload")).isZero();
    assertThat(open.count("delivery_block WHERE recipients <> x''")).isZero();
    assertThat(open.count("delivery_block")).isEqualTo(BLOCKS);
    assertThat(onePage(recipient("p-1"))).isEmpty();
    assertThat(onePage(request("r-1"))).containsExactly(1);
    purge(new Expiry(LATER, LATER, LATER));
    assertThat(open.count("delivery")).isZero();
    enqueue(List.of(delivery(id(DELIVERIES + 1), 0)));
    purge(new Expiry(LATER, LATER, LATER));
    assertThat(open.count("delivery_block")).isZero();
  }

  private void purge(Expiry expiry) {
    DeliveryId after = null;
    do {
      after = open.store().purge().purge(expiry, after).toCompletableFuture().join().last();
    } while (after != null);
  }

  /** As retention does with what is over. */
  private void removeOldest(int blocks) {
    var _ =
        open.store()
            .writes()
            .submit(connection -> {
              try (var statement = connection.createStatement()) {
                long last = id(blocks * DeliveryBlocks.ROWS).value();
                statement.executeUpdate("DELETE FROM payload WHERE delivery_id <= " + last);
                statement.executeUpdate("DELETE FROM delivery WHERE id <= " + last);
                return statement.executeUpdate(
                    "DELETE FROM delivery_block WHERE last_id <= " + last);
              }
            })
            .join();
  }

  private void endAll() {
    var _ =
        open.store()
            .writes()
            .submit(connection -> {
              try (var statement = connection.createStatement()) {
                return statement.executeUpdate("UPDATE delivery SET state = 3");
              }
            })
            .join();
  }

  private void enqueueAll() {
    for (int first = 1; first < DELIVERIES; first += DeliveryBlocks.ROWS) {
      enqueueAll(first, first + DeliveryBlocks.ROWS - 1);
    }
  }

  private void enqueueAll(int first, int last) {
    List<NewDelivery> deliveries = new ArrayList<>();
    for (int i = first; i <= last; i++) {
      deliveries.add(delivery(id(i), i));
    }
    enqueue(deliveries);
  }

  private void enqueue(List<NewDelivery> deliveries) {
    List<Entry> entries = deliveries.stream().map(one -> new Entry(one, null, NOW)).toList();
    var _ = open.store().queue().enqueue(entries).toCompletableFuture().join();
  }

  /** Leaves room between one and the next. */
  private static DeliveryId id(int i) {
    return new DeliveryId(2L * i);
  }

  private static NewDelivery delivery(DeliveryId id, int i) {
    return delivery(id, i, List.of("p-" + i, "other-" + i));
  }

  private static NewDelivery delivery(DeliveryId id, int i, List<String> recipients) {
    return new NewDelivery(
        id,
        SCOPE,
        1,
        new DeliverySubject(
            "e-" + i,
            NOW,
            "r-" + i,
            "x-" + i,
            i == SMS ? Channel.SMS : Channel.EMAIL,
            Samples.CAMPAIGN,
            "sent"),
        recipients,
        Samples.payload("e-" + i));
  }

  /** What the first page finds, which must be the last. */
  private List<Integer> onePage(DeliveryFilter filter) {
    DeliveryPage page = open.store().book().list(SCOPE, filter, null, 10);
    assertThat(page.next()).isNull();
    return page.deliveries().stream().map(one -> (int) (one.id().value() / 2)).toList();
  }

  private static DeliveryFilter sms() {
    return new DeliveryFilter(null, Channel.SMS, null, null, null, null, null, null);
  }

  private static DeliveryFilter request(String request) {
    return new DeliveryFilter(null, null, null, request, null, null, null, null);
  }

  private static DeliveryFilter execution(String execution) {
    return new DeliveryFilter(null, null, null, null, execution, null, null, null);
  }

  private static DeliveryFilter recipient(String recipient) {
    return new DeliveryFilter(null, null, null, null, null, recipient, null, null);
  }
}
