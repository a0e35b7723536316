package dev.feedbackwebhooks.persistence;

import static dev.feedbackwebhooks.domain.testing.Samples.SCOPE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.testing.HeardLog;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.domain.watch.ChangeCursor;
import dev.feedbackwebhooks.persistence.stored.GroupCommit;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of changes outlives the process, but not its day. */
@NullUnmarked
class ChangeLogTest {
  /** After the time of the database itself, which begins with its first row. */
  private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");

  @TempDir Path directory;

  @Test
  void aCursorIsGoodAfterTheStoreWasOpenedAnew() throws Exception {
    ChangeCursor begin;
    try (OpenStore open = OpenStore.in(directory)) {
      enqueue(open, 1, LATER);
      begin = open.store().changes().newest();
      enqueue(open, 2, LATER);
    }
    try (OpenStore open = OpenStore.in(directory)) {
      assertThat(told(open, begin)).isEqualTo(1);
      enqueue(open, 3, LATER);
      assertThat(told(open, begin)).isEqualTo(2);
    }
  }

  @Test
  void whatWasUndoneIsNotTold() throws Exception {
    try (HeardLog _ = new HeardLog(GroupCommit.class);
        OpenStore open = OpenStore.in(directory)) {
      enqueue(open, 1, LATER);
      ChangeCursor begin = open.store().changes().newest();
      open.limitPages(true);
      assertThatThrownBy(
              () -> {
                for (int id = 2; id < 1_000; id++) {
                  enqueue(open, id, LATER);
                }
              })
          .hasCauseInstanceOf(Fault.class);
      open.limitPages(false);
      assertThat(told(open, begin)).isEqualTo((int) open.count("delivery") - 1);
      enqueue(open, 1_000, LATER);
      assertThat(told(open, begin)).isEqualTo((int) open.count("delivery") - 1);
    }
  }

  @Test
  void isForgottenAfterADayInSmallSteps() throws Exception {
    try (OpenStore open = OpenStore.in(directory)) {
      for (int id = 1; id < 100; id++) {
        enqueue(open, id, LATER);
      }
      ChangeCursor old = open.store().changes().newest();
      enqueue(open, 100, LATER);
      ChangeCursor last = open.store().changes().newest();
      Instant next = LATER.plus(Duration.ofHours(24)).plusMillis(1);
      for (int id = 101; id <= 200; id++) {
        enqueue(open, id, next);
      }
      assertThat(open.count("delivery_change")).isEqualTo(100);
      assertThatThrownBy(() -> told(open, old)).isInstanceOf(Fault.NotNow.class);
      assertThat(told(open, last)).as("nothing is missing behind it").isEqualTo(100);
      assertThat(told(open, open.store().changes().newest())).isZero();
    }
  }

  /** What it wrote would stay until the time that it was wrong about. */
  @Test
  void aClockThatWasAheadKeepsNothingForLonger() throws Exception {
    try (OpenStore open = OpenStore.in(directory)) {
      Instant ahead = LATER.plus(Duration.ofDays(3_650));
      enqueue(open, 1, ahead);
      for (int id = 2; id <= 100; id++) {
        enqueue(open, id, LATER);
      }
      Instant next = LATER.plus(Duration.ofHours(24)).plusMillis(1);
      for (int id = 101; id <= 200; id++) {
        enqueue(open, id, next);
      }
      assertThat(open.count("delivery_change")).isEqualTo(100);
    }
  }

  private static int told(OpenStore open, ChangeCursor cursor) {
    return open.store().changes().after(SCOPE, DeliveryFilter.ALL, cursor, 1_000).list().size();
  }

  private static void enqueue(OpenStore open, long id, Instant at) {
    var entry = new DeliveryQueue.Entry(Samples.delivery(SCOPE, id, "e-" + id), null, at);
    var _ = open.store().queue().enqueue(List.of(entry)).toCompletableFuture().join();
  }
}
