package dev.feedbackwebhooks.persistence.stored;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Entry;
import dev.feedbackwebhooks.domain.delivery.Enqueued;
import dev.feedbackwebhooks.domain.testing.Samples;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Who is told that an event is at fault, and who is to send it again. */
class DividedEnqueueTest {
  private static final Enqueued FAILED = new Enqueued.Failed();

  private static DividedEnqueue refusing(boolean byItsData, List<Long> ids) {
    return new DividedEnqueue(entries ->
        entries.stream().anyMatch(entry -> ids.contains(entry.delivery().id().value()))
            ? CompletableFuture.failedFuture(
                new RefusedException(new SQLException("no", "23000"), byItsData))
            : CompletableFuture.completedFuture(
                entries.stream()
                    .<Enqueued>map(entry -> new Enqueued.Stored(entry.delivery().id()))
                    .toList()));
  }

  private static List<Enqueued> enqueue(DividedEnqueue queue, long from, long to) {
    List<Entry> entries =
        LongStream.rangeClosed(from, to)
            .mapToObj(
                id -> new Entry(Samples.delivery(Samples.SCOPE, id, "e-" + id), null, Samples.NOW))
            .toList();
    return queue.enqueue(entries).join();
  }

  @Test
  void anEventThatIsRefusedForItsDataIsAtFault() {
    List<Enqueued> answers = enqueue(refusing(true, List.of(3L)), 1, 5);
    assertThat(answers.get(2)).isInstanceOf(Enqueued.Refused.class);
    assertThat(answers).filteredOn(Enqueued.Stored.class::isInstance).hasSize(4);
  }

  @Test
  void anEventThatBreaksWhatIsOursToKeepIsToBeSentAgain() {
    List<Enqueued> answers = enqueue(refusing(false, List.of(3L)), 1, 5);
    assertThat(answers.get(2)).isEqualTo(FAILED);
    assertThat(answers).filteredOn(Enqueued.Stored.class::isInstance).hasSize(4);
  }

  @Test
  void whereAllAreRefusedTheSchemaIsAtFault() {
    List<Long> most = LongStream.range(0, 1_000).boxed().toList();
    DividedEnqueue queue = refusing(true, most);
    List<Enqueued> first = enqueue(queue, 0, 99);
    assertThat(first)
        .filteredOn(Enqueued.Refused.class::isInstance)
        .hasSize(DividedEnqueue.MOST_REFUSED_IN_A_ROW);
    assertThat(first)
        .filteredOn(FAILED::equals)
        .hasSize(100 - DividedEnqueue.MOST_REFUSED_IN_A_ROW);
    assertThat(enqueue(queue, 100, 110)).containsOnly(FAILED);
    assertThat(enqueue(queue, 1_000, 1_000)).hasOnlyElementsOfType(Enqueued.Stored.class);
    assertThat(enqueue(queue, 111, 111)).hasOnlyElementsOfType(Enqueued.Refused.class);
  }
}
