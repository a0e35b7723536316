package dev.feedbackwebhooks.persistence.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.audit.AuditStore.Recorded;
import dev.feedbackwebhooks.domain.campaign.Campaign;
import dev.feedbackwebhooks.domain.campaign.CampaignStore.Put;
import dev.feedbackwebhooks.domain.campaign.Campaigns;
import dev.feedbackwebhooks.domain.config.Configs;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.RetryOutcome;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.node.RemoteChanges;
import dev.feedbackwebhooks.domain.replay.Replay;
import dev.feedbackwebhooks.domain.replay.ReplayId;
import dev.feedbackwebhooks.domain.replay.ReplayPlan;
import dev.feedbackwebhooks.domain.replay.ReplayState;
import dev.feedbackwebhooks.domain.replay.ReplayStore.Started;
import dev.feedbackwebhooks.domain.replay.ReplayTally;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.domain.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is changed by two nodes at the same time is changed by one after the other. */
@NullUnmarked
class PostgresRecordsTest {
  private static final int ROUNDS = 50;
  private static final Scope SCOPE = Samples.SCOPE;
  private static final AuditEntry ENTRY = Samples.entry();

  @TempDir Path directory;

  private OpenPostgres one;
  private OpenPostgres other;
  private volatile boolean over;
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

  @BeforeEach
  void open() throws Exception {
    String url = PostgresServer.freshDatabase();
    one = OpenPostgres.on(url, directory);
    other = OpenPostgres.on(url, directory);
  }

  @AfterEach
  void close() {
    over = true;
    callers.close();
    one.close();
    other.close();
  }

  /** What both answer who are asked at the same time. */
  private <T> List<T> both(Function<PostgresStore, T> call) throws Exception {
    return all(Stream.of(one, other).<Callable<T>>map(node -> () -> call.apply(node.store())));
  }

  private <T> List<T> all(Stream<Callable<T>> calls) throws Exception {
    List<Future<T>> answers = calls.map(callers::submit).toList();
    List<T> all = new ArrayList<>();
    for (Future<T> answer : answers) {
      all.add(answer.get());
    }
    return all;
  }

  private static Scope scope(int i) {
    return new Scope("o", "s" + i);
  }

  @Test
  void ofTwoWhoCreateAScopesConfigurationOneDoes() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      WebhookConfig config = Samples.config(scope(i));
      assertThat(both(node -> node.configs().insert(config, ENTRY)))
          .containsExactlyInAnyOrder(true, false);
    }
    assertThat(one.count("scope")).isEqualTo(ROUNDS);
    assertThat(one.count("audit_record")).isEqualTo(ROUNDS);
  }

  @Test
  void theOtherIsToldThatThereIsOne() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      Scope scope = scope(i);
      List<String> answers =
          both(node -> {
            try {
              return configs(node).create(Samples.WHO, Samples.draft(scope), false).etag();
            } catch (Fault.AlreadyExists _) {
              return "exists";
            }
          });
      assertThat(answers).containsOnlyOnce("exists");
    }
  }

  @Test
  void ofTwoWhoUpdateWhatBothHaveReadOneDoes() throws Exception {
    assertThat(one.store().configs().insert(Samples.config(), ENTRY)).isTrue();
    for (int i = 0; i < ROUNDS; i++) {
      WebhookConfig read = other.store().configs().find(SCOPE).orElseThrow();
      List<Boolean> answers =
          both(node -> {
            try {
              return configs(node)
                  .update(Samples.WHO, read, Samples.draft(), false)
                  .etag()
                  .endsWith("." + (read.version() + 1));
            } catch (Fault.Stale _) {
              return false;
            }
          });
      assertThat(answers).containsExactlyInAnyOrder(true, false);
    }
    assertThat(one.count("audit_record")).isEqualTo(1 + ROUNDS);
  }

  @Test
  void ofTwoWhoPutACampaignTheSecondIsOvertaken() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      Campaign campaign = new Campaign(scope(i), "c", false, Samples.NOW);
      assertThat(both(node -> node.campaigns().put(campaign, null, ENTRY)))
          .containsExactlyInAnyOrder(Put.STORED, Put.OVERTAKEN);
    }
  }

  @Test
  void replaysThatBothStartAreBoundedAndTheSameRequestStartsOne() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      Scope scope = scope(i);
      long id = 1 + 3L * i;
      assertThat(
              all(
                  Stream.of(
                      () -> start(one, replay(scope, id, "a"), 5),
                      () -> start(other, replay(scope, id + 1, "a"), 5))))
          .containsExactlyInAnyOrder("Stored", "Known");
      assertThat(both(node -> cancelled(node, scope, id) || cancelled(node, scope, id + 1)))
          .contains(true);
      assertThat(
              all(
                  Stream.of(
                      () -> start(one, replay(scope, id + 2, ""), 1),
                      () -> start(other, replay(scope, -id, ""), 1))))
          .containsExactlyInAnyOrder("Stored", "TooMany");
    }
  }

  private static String start(OpenPostgres node, Replay replay, int most) {
    Started started = node.store().replays().start(replay, most, ENTRY);
    return started.getClass().getSimpleName();
  }

  private static boolean cancelled(PostgresStore node, Scope scope, long id) {
    return node.replays()
        .cancel(scope, new ReplayId(id), Samples.NOW, ENTRY)
        .filter(Replay::over)
        .isPresent();
  }

  private static Replay replay(Scope scope, long id, String requestId) {
    DeliveryFilter filter =
        new DeliveryFilter(null, null, null, null, null, null, Samples.NOW, Samples.NOW);
    return new Replay(
        new ReplayId(id),
        scope,
        new ReplayPlan("x", filter, 100, requestId),
        ReplayState.RUNNING,
        ReplayTally.of(0),
        null,
        Samples.NOW,
        Samples.NOW,
        null);
  }

  /** Else one who reads on from where he was would miss what is committed late. */
  @Test
  void whoFollowsTheRecordsMissesNoneWhileBothWrite() throws Exception {
    int each = 100;
    Future<List<Recorded>> followed = callers.submit(() -> follow(2 * each));
    List<Callable<Boolean>> appends = new ArrayList<>();
    for (int i = 0; i < each; i++) {
      appends.add(() -> append(one));
      appends.add(() -> append(other));
    }
    assertThat(all(appends.stream())).hasSize(2 * each);
    assertThat(followed.get()).isEqualTo(one.store().audit().from(0, 3 * each));
    assertThat(followed.get()).extracting(Recorded::id).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void whateverGoesOnRecordWaitsForItsTurn() throws Exception {
    assertThat(one.store().configs().insert(Samples.config(), ENTRY)).isTrue();
    var _ =
        one.store()
            .queue()
            .enqueue(
                List.of(
                    new DeliveryQueue.Entry(Samples.delivery(SCOPE, 1, "e"), null, Samples.NOW)))
            .toCompletableFuture()
            .join();
    Future<Integer> appending = callers.submit(this::appendUntilOver);
    for (int i = 1; i <= ROUNDS; i++) {
      assertThat(start(one, replay(SCOPE, i, ""), 1)).isEqualTo("Stored");
      assertThat(cancelled(one.store(), SCOPE, i)).isTrue();
      assertThat(one.store().replays().delete(SCOPE, new ReplayId(i), ENTRY)).isTrue();
      assertThat(one.store().book().retry(SCOPE, new DeliveryId(1), 7, Samples.NOW, ENTRY))
          .isEqualTo(RetryOutcome.DUE);
    }
    over = true;
    int appended = appending.get();
    assertThat(one.count("audit_record")).isEqualTo(1 + 4 * ROUNDS + appended);
  }

  private int appendUntilOver() {
    int appended = 0;
    while (!over && append(other)) {
      appended++;
    }
    return appended;
  }

  private static boolean append(OpenPostgres node) {
    node.store().audit().append(ENTRY);
    return true;
  }

  private List<Recorded> follow(int until) {
    List<Recorded> followed = new ArrayList<>();
    while (!over && followed.size() < until) {
      long last = followed.isEmpty() ? 0 : followed.getLast().id();
      followed.addAll(other.store().audit().from(last + 1, 10));
    }
    return followed;
  }

  @Test
  void aNodeFollowsWhatTheOtherChanges() {
    Configs here = configs(one.store());
    Configs there = configs(other.store());
    SettableClock clock = new SettableClock(Samples.NOW);
    Campaigns campaignsHere = new Campaigns(one.store().campaigns(), clock);
    Campaigns campaignsThere = new Campaigns(other.store().campaigns(), clock);
    RemoteChanges changes =
        new RemoteChanges(
            one.store().audit(),
            here,
            campaignsHere,
            failure -> {
              throw failure;
            },
            Runnable::run,
            clock);
    changes.start();
    assertThat(here.current(SCOPE)).isEmpty();
    assertThat(campaignsHere.enabled(SCOPE, "c")).isFalse();
    WebhookConfig created = there.create(Samples.WHO, Samples.draft(), false);
    var _ = campaignsThere.put(Samples.WHO, SCOPE, "c", true);
    assertThat(here.current(SCOPE)).isEmpty();
    changes.tick();
    assertThat(here.current(SCOPE)).contains(created);
    assertThat(campaignsHere.enabled(SCOPE, "c")).isTrue();
  }

  /** One that hangs while it has the lock must not keep the others from theirs for ever. */
  @Test
  void whoStopsInTheMiddleOfATransactionIsNotWaitedForForLong() {
    String timeout = "current_setting('idle_in_transaction_session_timeout') = '10s'";
    one.run("INSERT INTO audit_lock SELECT 2 WHERE " + timeout);
    assertThat(one.count("audit_lock")).isEqualTo(2);
  }

  @Test
  void whatFailsLeavesTheLockToOthers() throws Exception {
    assertThatThrownBy(() ->
            one.store()
                .writes()
                .awaitRecorded(_ -> {
                  throw new IllegalStateException("a bug");
                }))
        .hasMessage("a bug");
    assertThat(all(IntStream.range(0, 2).<Callable<Boolean>>mapToObj(_ -> () -> append(other))))
        .hasSize(2);
  }

  private static Configs configs(PostgresStore node) {
    return new Configs(
        node.configs(),
        Samples.rules(),
        node.fingerprints(),
        new SettableClock(Samples.NOW.plus(Duration.ofHours(1))),
        () -> 7);
  }
}
