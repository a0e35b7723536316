package dev.feedbackwebhooks.app.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.testing.QueuedExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EngineMailboxTest {
  private final QueuedExecutor thread = new QueuedExecutor();
  private final EngineMailbox mailbox = new EngineMailbox(thread);
  private final List<Integer> ran = new ArrayList<>();

  @Test
  void aTaskRunsOnTheCallersThreadIfNoOtherDoes() {
    mailbox.executeHere(() -> ran.add(1));
    assertThat(ran).containsExactly(1);
  }

  @Test
  void tasksKeepTheirOrderAndNeverRunWithinEachOther() {
    mailbox.execute(() -> ran.add(1));
    mailbox.executeHere(() -> ran.add(2));
    assertThat(ran).as("the first one is its thread's").isEmpty();
    thread.runAll();
    mailbox.executeHere(() -> {
      mailbox.executeHere(() -> ran.add(4));
      ran.add(3);
    });
    thread.runAll();
    assertThat(ran).containsExactly(1, 2, 3, 4);
  }

  @Test
  void aCallersThreadIsNotHeldForLong() {
    mailbox.executeHere(
        () -> IntStream.range(0, 1_000).forEach(i -> mailbox.execute(() -> ran.add(i))));
    assertThat(ran).isEmpty();
    thread.runAll();
    assertThat(ran).hasSize(1_000).isSorted();
  }
}
