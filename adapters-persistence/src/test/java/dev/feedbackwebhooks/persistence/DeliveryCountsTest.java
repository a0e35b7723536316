package dev.feedbackwebhooks.persistence;

import static dev.feedbackwebhooks.domain.testing.Samples.NOW;
import static dev.feedbackwebhooks.domain.testing.Samples.SCOPE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.attempt.NextStep;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.DeliveryStats;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.delivery.Settlement;
import dev.feedbackwebhooks.domain.testing.Samples;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Counts are those of the rows, whatever happened to them. */
@NullUnmarked
class DeliveryCountsTest {
  private static final DeliveryQueue.Room ROOM = new DeliveryQueue.Room(3, 1 << 20);
  private static final List<NextStep> STEPS =
      List.of(
          new NextStep.Done(),
          new NextStep.RetryAt(NOW),
          new NextStep.GiveUp(NextStep.Ending.EXHAUSTED, "enough"),
          new NextStep.GiveUp(NextStep.Ending.REFUSED, "gone"),
          new NextStep.GiveUp(NextStep.Ending.CANCELLED, "deleted"));

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void everyHistoryIsCountedAsItsRowsAre(long seed) throws Exception {
    Random random = new Random(seed);
    try (OpenStore open = OpenStore.in(directory)) {
      SqliteStore store = open.store();
      assertThat(store.configs().insert(Samples.config(), Samples.entry())).isTrue();
      List<Claim> stale = new ArrayList<>();
      for (int step = 1; step <= 300; step++) {
        take(store, random, step, stale);
        if (step % 20 == 0) {
          assertThat(counted(store)).as("after %s steps", step).isEqualTo(inRows(open));
        }
      }
    }
  }

  private static void take(SqliteStore store, Random random, int step, List<Claim> stale) {
    switch (random.nextInt(4)) {
      case 0 -> {
        var entry =
            new DeliveryQueue.Entry(
                Samples.delivery(SCOPE, step, "e-" + random.nextInt(200)), null, NOW);
        var _ = store.queue().enqueue(List.of(entry)).toCompletableFuture().join();
      }
      case 1, 2 -> {
        Lease lease = new Lease(step, NOW.plusSeconds(60));
        List<Claim> claims =
            store
                .queue()
                .claimDue(SCOPE, ROOM, Instant.MAX, lease)
                .toCompletableFuture()
                .join()
                .claims();
        stale.addAll(claims);
        for (Claim claim : List.copyOf(stale)) {
          settle(store, claim, STEPS.get(random.nextInt(STEPS.size())));
        }
      }
      default -> {
        long id = 1L + random.nextInt(step);
        var _ =
            store
                .book()
                .retry(SCOPE, new DeliveryId(id), Samples.config().id(), NOW, Samples.entry());
      }
    }
  }

  /** Most of these claims were settled before: that counts once. */
  private static void settle(SqliteStore store, Claim claim, NextStep next) {
    AttemptResult result =
        next instanceof NextStep.Done
            ? new AttemptResult.Accepted(200)
            : new AttemptResult.Refused(404, "HTTP 404");
    Attempt attempt = new Attempt(claim.nextAttempt(), NOW, Duration.ZERO, result);
    var _ =
        store
            .queue()
            .settle(List.of(new Settlement(claim, attempt, next, NOW)))
            .toCompletableFuture()
            .join();
  }

  private static String counted(SqliteStore store) {
    DeliveryStats stats = store.book().stats(SCOPE);
    return List.of(
            stats.accepted(),
            stats.waiting(),
            stats.delivered(),
            stats.exhausted(),
            stats.refused(),
            stats.cancelled())
        .toString();
  }

  private static String inRows(OpenStore open) {
    return Stream.of("0, 1, 2, 3, 4, 5", "0, 1", "2", "3", "4", "5")
        .map(states -> open.count("delivery WHERE state IN (" + states + ")"))
        .toList()
        .toString();
  }
}
