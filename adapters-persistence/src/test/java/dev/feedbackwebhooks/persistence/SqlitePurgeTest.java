package dev.feedbackwebhooks.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.MoreExecutors;
import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.attempt.NextStep;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.delivery.Settlement;
import dev.feedbackwebhooks.domain.retention.DeliveryPurge.Step;
import dev.feedbackwebhooks.domain.retention.Retention.Expiry;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.persistence.stored.Expiring;
import dev.feedbackwebhooks.persistence.stored.GroupCommit;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqlitePurgeTest {
  private static final int DELIVERIES = Expiring.CHANGED + 44;
  private static final Instant LATER = Samples.NOW.plusMillis(1);
  private static final Expiry EVERYTHING = new Expiry(LATER, LATER, LATER);

  @Test
  void aStepIsSmallAndTheNextOneGoesOnAndNothingIsLeft(@TempDir Path directory) throws Exception {
    keysGoStraightToTheTable(directory);
    try (OpenStore open = OpenStore.in(directory)) {
      deliver(open);
      assertThat(open.count("event_key")).isEqualTo(DELIVERIES);
      Step first = step(open, null);
      assertThat(first).isEqualTo(new Step(Expiring.CHANGED, 0, new DeliveryId(Expiring.CHANGED)));
      assertThat(step(open, first.last())).isEqualTo(new Step(44, 0, null));
      for (String table : List.of("delivery", "payload", "attempt", "event_key")) {
        assertThat(open.count(table)).as(table).isZero();
      }
    }
  }

  /** The writer has the last word: what was found may be another thing by then. */
  @Test
  void whatIsRetriedBetweenTheLookAndTheRemovalStays(@TempDir Path directory) throws Exception {
    try (OpenStore open =
        OpenStore.in(
            directory,
            Executors.newSingleThreadExecutor(),
            // A look is over when the call is.
            MoreExecutors.newDirectExecutorService())) {
      deliver(open);
      CountDownLatch found = new CountDownLatch(1);
      GroupCommit writes = open.store().writes();
      var held = writes.submit(_ -> waitFor(found));
      var retried =
          writes.submit(connection -> update(connection, "UPDATE delivery SET state = 0"));
      var step = open.store().purge().purge(EVERYTHING, null).toCompletableFuture();
      found.countDown();
      assertThat(held).succeedsWithin(Patience.LONG).isEqualTo(true);
      assertThat(retried).succeedsWithin(Patience.LONG).isEqualTo(DELIVERIES);
      assertThat(step)
          .succeedsWithin(Patience.LONG)
          .isEqualTo(new Step(0, 0, new DeliveryId(Expiring.CHANGED)));
      assertThat(open.count("delivery")).isEqualTo(DELIVERIES);
      assertThat(open.count("payload")).isEqualTo(DELIVERIES);
    }
  }

  private static boolean waitFor(CountDownLatch latch) {
    try {
      return latch.await(Patience.LONG.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static int update(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  private static Step step(OpenStore open, @Nullable DeliveryId after) {
    return open.store().purge().purge(EVERYTHING, after).toCompletableFuture().join();
  }

  /** Where most keys are in the long run: those of the newest deliveries are in memory. */
  private static void keysGoStraightToTheTable(Path directory) throws Exception {
    try (OpenStore open = OpenStore.in(directory)) {
      var _ =
          open.store()
              .writes()
              .submit(connection ->
                  update(connection, "UPDATE event_key_mark SET delivery_id = " + DELIVERIES))
              .join();
    }
  }

  /** Each with an attempt that failed and one that did not. */
  private static void deliver(OpenStore open) {
    DeliveryQueue queue = open.store().queue();
    List<DeliveryQueue.Entry> entries = new ArrayList<>();
    for (int id = 1; id <= DELIVERIES; id++) {
      entries.add(
          new DeliveryQueue.Entry(
              Samples.delivery(Samples.SCOPE, id, "e-" + id), null, Samples.NOW));
    }
    queue.enqueue(entries).toCompletableFuture().join();
    settleAll(
        queue,
        new AttemptResult.Retryable(AttemptFailure.HTTP_STATUS, 503, null, "HTTP 503"),
        new NextStep.RetryAt(Samples.NOW));
    settleAll(queue, new AttemptResult.Accepted(200), new NextStep.Done());
  }

  private static void settleAll(DeliveryQueue queue, AttemptResult result, NextStep next) {
    Lease lease = new Lease(7, Samples.NOW.plusSeconds(60));
    DeliveryQueue.Room room = new DeliveryQueue.Room(DELIVERIES, 1 << 20);
    List<Settlement> settlements =
        queue
            .claimDue(Samples.SCOPE, room, Samples.NOW, lease)
            .toCompletableFuture()
            .join()
            .claims()
            .stream()
            .map(claim -> new Settlement(claim, attempt(claim, result), next, Samples.NOW))
            .toList();
    assertThat(queue.settle(settlements).toCompletableFuture().join())
        .hasSize(DELIVERIES)
        .containsOnly(true);
  }

  private static Attempt attempt(Claim claim, AttemptResult result) {
    return new Attempt(claim.nextAttempt(), Samples.NOW, Duration.ofMillis(7), result);
  }
}
