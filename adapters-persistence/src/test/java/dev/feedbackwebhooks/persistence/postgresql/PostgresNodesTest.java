package dev.feedbackwebhooks.persistence.postgresql;

import static dev.feedbackwebhooks.persistence.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.attempt.NextStep;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryIds;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Entry;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.LaneDue;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Room;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.delivery.Settlement;
import dev.feedbackwebhooks.domain.node.Nodes;
import dev.feedbackwebhooks.domain.testing.Samples;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of claims when several processes work on one database, and one of them is lost. */
@NullUnmarked
class PostgresNodesTest {
  private static final Instant NOW = Samples.NOW;
  private static final Lease LEASE = new Lease(1, NOW.plusSeconds(60));
  private static final Instant LOST = NOW.plus(Nodes.LOST_AFTER);

  @TempDir Path directory;

  private String url;
  private OpenPostgres one;
  private OpenPostgres two;
  private OpenPostgres three;

  @BeforeEach
  void open() throws SQLException {
    url = PostgresServer.freshDatabase();
    one = OpenPostgres.on(url, directory);
    two = OpenPostgres.on(url, directory);
    three = OpenPostgres.on(url, directory);
    assertThat(one.store().configs().insert(Samples.config(), Samples.entry())).isTrue();
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
    three.close();
  }

  @Test
  void whoSaysNothingIsNotCounted() {
    assertThat(beat(one, NOW)).isEqualTo(3);
    assertThat(beat(two, LOST.minusMillis(1))).isEqualTo(3);
    assertThat(beat(two, LOST)).isEqualTo(1);
    assertThat(beat(one, LOST)).isEqualTo(2);
  }

  @Test
  void noTwoGiveTheSameId() {
    Set<DeliveryId> given = new HashSet<>();
    for (OpenPostgres node : List.of(one, two, three)) {
      DeliveryIds ids = new DeliveryIds(InstantSource.fixed(NOW), node.store().ids());
      for (int i = 0; i < 1_000; i++) {
        assertThat(given.add(ids.next())).isTrue();
      }
    }
    assertThat(given).allMatch(id -> !id.time().isBefore(NOW));
  }

  @Test
  void whoStartsLaterGivesLargerIds() {
    long newest = DeliveryId.firstAt(NOW.plus(Duration.ofHours(23))).value();
    done(one.store().queue().enqueue(List.of(entry(newest, LEASE))));
    assertThat(firstIdOfAnother().value()).isGreaterThan(newest);
  }

  @Test
  void aClockThatWasDaysAheadLeadsNobodyElse() {
    long newest = DeliveryId.firstAt(NOW.plusSeconds(60)).value();
    long ofAnotherDay = DeliveryId.firstAt(NOW.plus(Duration.ofDays(3))).value();
    done(one.store().queue().enqueue(List.of(entry(newest, LEASE), entry(ofAnotherDay, LEASE))));
    assertThat(firstIdOfAnother().value())
        .isGreaterThan(newest)
        .isLessThan(DeliveryId.firstAt(NOW.plusSeconds(61)).value());
  }

  private DeliveryId firstIdOfAnother() {
    try (OpenPostgres four = OpenPostgres.on(url, directory)) {
      return new DeliveryIds(InstantSource.fixed(NOW), four.store().ids()).next();
    }
  }

  @Test
  void whatALostNodeTookInIsGivenBackByAnotherOnceItsLeaseIsOver() {
    enqueue(one, 1, 2);
    settle(one, 1);
    assertThat(lanes(two, LOST)).isEmpty();
    assertThat(one.count("node WHERE lost")).isZero();
    assertThat(one.count("node")).isEqualTo(1);
    assertThat(lanes(two, LEASE.until().minusMillis(1))).isEmpty();
    assertThat(lanes(two, LEASE.until()))
        .containsExactly(new LaneDue(Samples.SCOPE, LEASE.until()));
    assertThat(claim(three, LEASE.until())).containsExactly(new DeliveryId(2));
    assertThat(settle(one, 2)).as("its lease was over").isFalse();
  }

  @Test
  void whoTakesOverMayBeLostAsWell() {
    enqueue(one, 1);
    lanes(two, LOST);
    Instant later = LOST.plus(Nodes.LOST_AFTER);
    lanes(three, later);
    assertThat(lanes(three, LEASE.until())).hasSize(1);
  }

  /** It stood still for a while, and goes on. */
  @Test
  void whoComesBackKeepsWhatItsLeaseStillHolds() {
    enqueue(one, 1);
    lanes(two, LOST);
    assertThat(beat(one, LOST.plusSeconds(1))).isEqualTo(2);
    assertThat(settle(one, 1)).isTrue();
    assertThat(lanes(two, LEASE.until())).isEmpty();
  }

  /** Though it does not know yet that it was lost. */
  @Test
  void whatALostNodeTakesInAfterwardsIsNotForgotten() {
    enqueue(one, 1);
    lanes(two, LOST);
    assertThat(two.count("node")).isEqualTo(1);
    enqueue(one, 3);
    assertThat(two.count("node")).isEqualTo(2);
    lanes(three, LOST.plusSeconds(9));
    lanes(three, LEASE.until());
    lanes(two, LEASE.until());
    assertThat(claim(three, LEASE.until()))
        .containsExactlyInAnyOrder(new DeliveryId(1), new DeliveryId(3));
  }

  /** It comes back while another one is about to take over: neither forgets what it takes in. */
  @Test
  void whatIsTakenInWhileAnotherTakesOverIsNotForgotten() {
    enqueue(one, 1);
    PostgresGathered gathered = one.store().nodes().gathered();
    assertThat(done(two.store().nodes().beat(LOST))).isEqualTo(1);
    long number = gathered.node().number();
    two.run("UPDATE node SET lost = true WHERE number = " + number);
    PostgresGathered successor = two.store().nodes().gathered();
    done(
        two.store()
            .writes()
            .submit(connection -> {
              successor.claims().succeed(connection, List.of(number));
              return true;
            }));
    enqueue(one, 3);
    two.run("UPDATE node SET lost = true WHERE number = " + number);
    lanes(three, LOST);
    lanes(two, LOST);
    lanes(two, LEASE.until());
    lanes(three, LEASE.until());
    assertThat(claim(three, LEASE.until()))
        .containsExactlyInAnyOrder(new DeliveryId(1), new DeliveryId(3));
  }

  /** It stands still in the middle of a transaction: the others go on. */
  @Test
  void whoHoldsItsRowIsNotWaitedFor() throws Exception {
    CountDownLatch goesOn = new CountDownLatch(1);
    var stuck =
        one.store()
            .writes()
            .submit(connection -> {
              one.store().nodes().gathered().node().lower(connection, 1, () -> 1);
              Uninterruptibles.awaitUninterruptibly(goesOn);
              return true;
            });
    await().until(() -> two.count("pg_stat_activity WHERE state = 'idle in transaction'") > 0);
    assertThat(lanes(two, LOST)).isEmpty();
    assertThat(beat(three, LOST)).isEqualTo(2);
    goesOn.countDown();
    done(stuck);
    lanes(two, LOST);
    assertThat(two.count("node")).isEqualTo(2);
  }

  @Test
  void whatIsRenewedNeedsNoLookingFor() {
    enqueue(one, 1);
    done(one.store().queue().extend(List.of(claimOf(1)), LEASE.until().plusSeconds(60)));
    lanes(one, NOW);
    assertThat(two.count("node WHERE fresh_from < " + Long.MAX_VALUE)).isEqualTo(2);
    assertThat(lanes(two, LEASE.until().plusSeconds(60))).hasSize(1);
  }

  @Test
  void whatGoneNodesCountedTakesNoRowsOfTheirOwn() {
    enqueue(one, 1, 2);
    settle(one, 1);
    enqueue(two, 3);
    one.store().nodes().leave();
    lanes(two, NOW);
    await().until(() -> two.count("delivery_count WHERE node = 1024") == 1);
    assertThat(two.count("delivery_count")).isEqualTo(2);
    assertThat(two.store().book().stats(Samples.SCOPE).accepted()).isEqualTo(3);
    assertThat(two.store().book().stats(Samples.SCOPE).delivered()).isEqualTo(1);
  }

  @Test
  void whatWasMadeLongerIsLeftToItsHolder() {
    enqueue(one, 1);
    lanes(two, LOST);
    done(one.store().queue().extend(List.of(claimOf(1)), LEASE.until().plusSeconds(60)));
    assertThat(lanes(two, LEASE.until())).isEmpty();
    assertThat(settle(one, 1)).isTrue();
  }

  @Test
  void claimsOfWhatWaitedLapseForAll() {
    done(one.store().queue().enqueue(List.of(entry(1, null))));
    assertThat(done(one.store().queue().claimDue(Samples.SCOPE, new Room(9, 999), NOW, LEASE)))
        .satisfies(claimed -> assertThat(claimed.claims()).hasSize(1));
    assertThat(lanes(two, LEASE.until().minusMillis(1))).isEmpty();
    assertThat(lanes(two, LEASE.until())).hasSize(1);
    assertThat(claim(two, LEASE.until())).hasSize(1);
    assertThat(claim(three, LEASE.until())).isEmpty();
    assertThat(settle(one, 1)).isFalse();
  }

  /** Its row says so, for the next one to take over without waiting for silence. */
  @Test
  void whoStopsInOrderLeavesAtOnce() {
    enqueue(one, 1);
    one.store().nodes().leave();
    assertThat(beat(two, NOW)).isEqualTo(2);
    lanes(two, NOW);
    assertThat(two.count("node")).isEqualTo(2);
    assertThat(lanes(two, LEASE.until())).hasSize(1);
  }

  @Test
  void anEventThatTwoNodesTakeInIsOneDelivery() {
    for (int i = 1; i < 50; i += 2) {
      var first = one.store().queue().enqueue(events(i * 100, false));
      var second = two.store().queue().enqueue(events(i * 100 + 50, true));
      done(first);
      done(second);
    }
    assertThat(one.count("delivery")).isEqualTo(25 * 20);
    assertThat(one.store().book().stats(Samples.SCOPE).accepted()).isEqualTo(25 * 20);
  }

  /** Each waits for the other, until the database lets one of them go first. */
  @Test
  void aDeadlockOfTwoNodesIsTriedAgain() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    AtomicInteger tries = new AtomicInteger();
    one.run("INSERT INTO scope (organization, sandbox) VALUES ('a', 'a'), ('b', 'b')");
    var first = one.store().writes().submit(c -> lockBoth(c, "a", "b", both, tries));
    var second = two.store().writes().submit(c -> lockBoth(c, "b", "a", both, tries));
    assertThat(done(first) + done(second)).isEqualTo(2);
    assertThat(tries.get()).isGreaterThanOrEqualTo(3);
    assertThat(one.heard().heard()).isEmpty();
    assertThat(two.heard().heard()).isEmpty();
  }

  private static int lockBoth(
      Connection connection, String first, String then, CyclicBarrier both, AtomicInteger tries)
      throws SQLException {
    boolean again = tries.incrementAndGet() > 2;
    lock(connection, first);
    if (!again) {
      arrive(both);
    }
    return lock(connection, then);
  }

  private static void arrive(CyclicBarrier both) {
    try {
      both.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  private static int lock(Connection connection, String organization) throws SQLException {
    try (var update =
        connection.prepareStatement("UPDATE scope SET sandbox = sandbox WHERE organization = ?")) {
      update.setString(1, organization);
      return update.executeUpdate();
    }
  }

  /** Twenty, the same for either node, in another order. */
  private static List<Entry> events(int firstId, boolean backwards) {
    return IntStream.range(0, 20)
        .map(i -> backwards ? 19 - i : i)
        .mapToObj(i ->
            new Entry(
                Samples.delivery(Samples.SCOPE, firstId + i, "e-" + firstId / 100 + "-" + i),
                LEASE,
                NOW))
        .toList();
  }

  private static int beat(OpenPostgres node, Instant now) {
    return done(node.store().nodes().beat(now));
  }

  private static void enqueue(OpenPostgres node, int... ids) {
    for (int id : ids) {
      done(node.store().queue().enqueue(List.of(entry(id, LEASE))));
    }
  }

  private static Entry entry(long id, Lease lease) {
    return new Entry(Samples.delivery(Samples.SCOPE, id, "e-" + id), lease, NOW);
  }

  private static List<LaneDue> lanes(OpenPostgres node, Instant now) {
    return done(node.store().queue().lanes(now));
  }

  private static List<DeliveryId> claim(OpenPostgres node, Instant dueBy) {
    Lease lease = new Lease(9, Instant.MAX);
    return done(node.store().queue().claimDue(Samples.SCOPE, new Room(9, 9_999), dueBy, lease))
        .claims()
        .stream()
        .map(Claim::id)
        .toList();
  }

  private static boolean settle(OpenPostgres node, int id) {
    Attempt attempt = new Attempt(1, NOW, Duration.ZERO, new AttemptResult.Accepted(200));
    return done(node.store()
            .queue()
            .settle(List.of(new Settlement(claimOf(id), attempt, new NextStep.Done(), NOW))))
        .getFirst();
  }

  private static Claim claimOf(int id) {
    return new Claim(
        new DeliveryId(id),
        Samples.SCOPE,
        Samples.config().id(),
        LEASE.claimId(),
        0,
        0,
        Samples.payload("e-" + id));
  }

  private static <T> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
