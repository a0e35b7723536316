package dev.feedbackwebhooks.persistence.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.domain.watch.Change;
import dev.feedbackwebhooks.domain.watch.ChangeCursor;
import dev.feedbackwebhooks.domain.watch.Changes;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The changes of several nodes, each of which writes down its own. */
@NullUnmarked
class PostgresChangesTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** By the database's clock, which old rows are removed by. */
  private final Instant now = Instant.now();

  private NodeLogs logs;

  @BeforeEach
  void database() throws SQLException {
    logs = new NodeLogs(PostgresServer.freshDatabase());
  }

  @Test
  void noneOfManyCommitsOfTwoNodesIsMissed() throws Exception {
    ChangeCursor cursor = logs.newest();
    CompletableFuture<Long> one = writes(1, 0);
    CompletableFuture<Long> other = writes(2, 1_000_000);
    Random random = new Random(7);
    Set<Long> told = new HashSet<>();
    boolean written;
    Changes found;
    do {
      written = one.isDone() && other.isDone();
      found = logs.after(ChangeCursor.parse(cursor.text()).orElseThrow(), 1 + random.nextInt(50));
      found.list().forEach(change -> told.add(change.delivery().id().value()));
      cursor = oneOf(found, random);
    } while (!written || !found.list().isEmpty());
    assertThat(told).containsAll(LongStream.rangeClosed(1, done(one)).boxed().toList());
    assertThat(told).containsAll(LongStream.rangeClosed(1_000_001, done(other)).boxed().toList());
    assertThat(cursor).isEqualTo(logs.newest());
  }

  /** Where the whole page ends, or, as after a lost connection, in the middle of it. */
  private static ChangeCursor oneOf(Changes found, Random random) {
    List<Change> list = found.list();
    return list.isEmpty() || random.nextBoolean()
        ? found.next()
        : list.get(random.nextInt(list.size())).cursor();
  }

  /** Commits of a few deliveries each, by a node whose clock is not that of others. */
  private CompletableFuture<Long> writes(long number, long first) {
    return CompletableFuture.supplyAsync(() -> {
      Random random = new Random(number);
      long id = first;
      try (NodeLogs.Node node = logs.node(number)) {
        for (int commit = 0; commit < 500; commit++) {
          long[] ids = LongStream.rangeClosed(id + 1, id + 1 + random.nextInt(4)).toArray();
          node.commit(now.plusMillis(number * 40 + random.nextInt(20)), ids);
          id += ids.length;
        }
        return id;
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    });
  }

  @Test
  void aCursorOfOneNodeIsGoodOnAnotherAndSeesWhoJoinsLater() throws Exception {
    try (NodeLogs.Node one = logs.node(1);
        NodeLogs.Node two = logs.node(2)) {
      one.commit(now, 1);
      ChangeCursor cursor = one.changes().newest();
      two.commit(now, 2);
      try (NodeLogs.Node late = logs.node(3)) {
        late.commit(now, 3);
      }
      one.commit(now, 4);
      assertThat(logs.told(cursor)).containsExactlyInAnyOrder(2L, 3L, 4L);
      assertThat(two.changes().after(Samples.SCOPE, DeliveryFilter.ALL, cursor, 9).next())
          .isEqualTo(two.changes().newest());
    }
  }

  @Test
  void whoWaitsOnOneNodeIsWokenByAnother() throws Exception {
    try (NodeLogs.Node one = logs.node(1);
        NodeLogs.Node two = logs.node(2)) {
      PostgresChanges changes = one.changes();
      ChangeCursor cursor = changes.newest();
      assertThat(changes.awaitAfter(cursor, Duration.ZERO)).isFalse();
      List<CompletableFuture<Boolean>> waiting =
          List.of(waits(changes, cursor), waits(changes, cursor), waits(changes, cursor));
      two.commit(now, 1);
      for (CompletableFuture<Boolean> who : waiting) {
        assertThat(done(who)).isTrue();
      }
    }
  }

  private static CompletableFuture<Boolean> waits(PostgresChanges changes, ChangeCursor cursor) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return changes.awaitAfter(cursor, MINUTE);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
  }

  @Test
  void aNodeGoesOnBehindACommitThatStoodThoughNobodyHeard() throws Exception {
    try (NodeLogs.Node one = logs.node(1);
        NodeLogs.Node two = logs.node(2)) {
      ChangeCursor cursor = logs.newest();
      two.commit(now, 1);
      two.commit(now, 2);
      one.commit(now, 3);
      one.commitUnheard(now, 4);
      one.commit(now, 5);
      assertThat(logs.told(cursor)).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L);
      assertThat(logs.count("node = 1")).isEqualTo(3);
    }
  }

  @Test
  void whatIsNotCommittedYetIsToldLater() throws Exception {
    try (NodeLogs.Node one = logs.node(1);
        NodeLogs.Node two = logs.node(2)) {
      ChangeCursor cursor = logs.newest();
      one.write(now, 1);
      two.commit(now.plusMillis(5), 2);
      Changes first = logs.after(cursor, 9);
      assertThat(first.list()).hasSize(1);
      one.commit(now, 3);
      assertThat(logs.told(first.next())).containsExactly(1L, 3L);
    }
  }

  @Test
  void othersRemoveWhatANodeThatIsGoneLeft() throws Exception {
    ChangeCursor before = logs.newest();
    try (NodeLogs.Node gone = logs.node(1)) {
      for (int id = 1; id <= 200; id++) {
        gone.commit(now.minus(Duration.ofHours(30)), id);
      }
    }
    ChangeCursor behind = logs.newest();
    try (NodeLogs.Node two = logs.node(2);
        NodeLogs.Node three = logs.node(3)) {
      busy(two, three);
      assertThat(logs.count("node = 1")).as("its end").isEqualTo(1);
      assertThat(logs.told(behind)).as("nothing is missing behind it").hasSize(400);
      assertThatThrownBy(() -> logs.told(before)).isInstanceOf(Fault.NotNow.class);
      ChangeCursor newest = logs.newest();

      logs.run("UPDATE delivery_change SET time = time - 86400000 * 4 WHERE node = 1");
      busy(two, three);
      assertThat(logs.count("node = 1")).isZero();
      assertThat(logs.told(newest)).hasSize(400);
      assertThat(logs.after(newest, 1).next().places()).doesNotContainKey(1L);
    }
  }

  private void busy(NodeLogs.Node one, NodeLogs.Node other) throws SQLException {
    for (int commit = 1; commit <= 200; commit++) {
      one.commit(now, 1_000 + commit);
      other.commit(now, 2_000 + commit);
    }
  }

  /** Whole logs of nodes that came later than it may be gone. */
  @Test
  void aCursorOfLastWeekIsRefused() throws Exception {
    try (NodeLogs.Node one = logs.node(1)) {
      one.commit(now.minus(Duration.ofDays(7)), 1);
      logs.run("DELETE FROM delivery_change WHERE node = 0");
      ChangeCursor old = logs.newest();
      assertThatThrownBy(() -> logs.told(old)).isInstanceOf(Fault.NotNow.class);
      one.commit(now, 2);
      assertThat(logs.told(logs.newest())).isEmpty();
    }
  }

  private static <T> T done(CompletableFuture<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future.get(60, TimeUnit.SECONDS);
  }
}
