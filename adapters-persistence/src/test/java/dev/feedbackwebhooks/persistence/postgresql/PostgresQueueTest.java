package dev.feedbackwebhooks.persistence.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.Attempt;
import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.attempt.NextStep;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.Claim;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryPage;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Entry;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.LaneDue;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Room;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.delivery.DeliverySubject;
import dev.feedbackwebhooks.domain.delivery.Enqueued;
import dev.feedbackwebhooks.domain.delivery.Lease;
import dev.feedbackwebhooks.domain.delivery.MessageKey;
import dev.feedbackwebhooks.domain.delivery.MessageOrder;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.delivery.Settlement;
import dev.feedbackwebhooks.domain.testing.HeardLog;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.persistence.stored.GroupCommit;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the queue makes of work that shares a commit, of claims that nobody ends, and of text. */
@NullUnmarked
class PostgresQueueTest {
  private static final Scope SCOPE = Samples.SCOPE;
  private static final Instant NOW = Samples.NOW;
  private static final Room ROOM = new Room(100, 1_000_000);
  private static final Lease LEASE = new Lease(1, NOW.plusSeconds(60));

  @TempDir Path directory;

  private String url;
  private OpenPostgres open;

  @BeforeEach
  void open() throws SQLException {
    url = PostgresServer.freshDatabase();
    open = OpenPostgres.on(url, directory);
    assertThat(open.store().configs().insert(Samples.config(), Samples.entry())).isTrue();
  }

  @AfterEach
  void close() {
    open.close();
  }

  private void restart() {
    open.close();
    open = OpenPostgres.on(url, directory);
  }

  @Test
  void workOfOneCommitIsAnsweredAsIfItWereAlone() {
    CountDownLatch blocked = block();
    var first = open.store().queue().enqueue(List.of(entry(1, LEASE), entry(2, null)));
    var same = open.store().queue().enqueue(List.of(entry(5, "e-1", null), entry(3, null)));
    var again = open.store().queue().enqueue(List.of(entry(4, "e-3", null)));
    blocked.countDown();
    assertThat(done(first)).containsExactly(stored(1), stored(2));
    assertThat(done(same)).containsExactly(known(1), stored(3));
    assertThat(done(again)).containsExactly(known(3));
    assertThat(claim(NOW)).extracting(Claim::id).containsExactlyInAnyOrder(id(2), id(3));
    assertThat(open.store().book().stats(SCOPE).accepted()).isEqualTo(3);
  }

  @Test
  void ofTwoSettlementsOfOneClaimInACommitTheFirstOneStands() {
    done(open.store().queue().enqueue(List.of(entry(1, LEASE), entry(2, LEASE))));
    CountDownLatch blocked = block();
    var retried = open.store().queue().settle(List.of(failed(1, NOW.plusSeconds(9)), accepted(2)));
    var accepted = open.store().queue().settle(List.of(accepted(1), failed(2, NOW)));
    done(open.store().queue().release(List.of(), NOW), blocked);
    assertThat(done(retried)).containsExactly(true, true);
    assertThat(done(accepted)).containsExactly(false, false);
    assertThat(state(1)).isEqualTo(DeliveryState.WAITING);
    assertThat(state(2)).isEqualTo(DeliveryState.DELIVERED);
    assertThat(open.store().book().stats(SCOPE).delivered()).isEqualTo(1);
    assertThat(open.count("attempt")).isEqualTo(1);
  }

  @Test
  void aClaimThatIsSettledAndReleasedInACommitIsSettled() {
    done(open.store().queue().enqueue(List.of(entry(1, LEASE))));
    CountDownLatch blocked = block();
    var settled = open.store().queue().settle(List.of(accepted(1)));
    done(open.store().queue().release(List.of(claimOf(1)), NOW), blocked);
    assertThat(done(settled)).containsExactly(true);
    assertThat(state(1)).isEqualTo(DeliveryState.DELIVERED);
    assertThat(open.count("delivery_open")).isZero();
  }

  @Test
  void whatComesInTheCommitInWhichItsFirstEndsIsDue() {
    MessageKey message = MessageKey.of(List.of("m"));
    done(enqueue(inTurn(1, "sent", new MessageOrder.First(message))));
    Claim first = claim(NOW).getFirst();
    CountDownLatch blocked = block();
    Attempt attempt = new Attempt(1, NOW, Duration.ZERO, new AttemptResult.Accepted(200));
    var settled =
        open.store()
            .queue()
            .settle(List.of(new Settlement(first, attempt, new NextStep.Done(), NOW)));
    MessageOrder after = new MessageOrder.After(message, Duration.ofSeconds(30));
    done(enqueue(inTurn(2, "bounce", after)), blocked);
    assertThat(done(settled)).containsExactly(true);
    assertThat(claim(NOW)).extracting(Claim::id).containsExactly(id(2));
  }

  private CompletionStage<List<Enqueued>> enqueue(NewDelivery delivery) {
    return open.store().queue().enqueue(List.of(new Entry(delivery, null, NOW)));
  }

  private static NewDelivery inTurn(long id, String status, MessageOrder turn) {
    NewDelivery plain = Samples.delivery(SCOPE, id, "e-" + id);
    DeliverySubject subject = plain.subject();
    return new NewDelivery(
        plain.id(),
        SCOPE,
        plain.configId(),
        new DeliverySubject(
            subject.eventId(),
            subject.eventTime(),
            subject.requestId(),
            subject.executionId(),
            subject.channel(),
            subject.campaignId(),
            status),
        turn,
        List.of(),
        plain.payload());
  }

  @Test
  void whatWentStraightOutIsGivenBackOnceItsLeaseIsOver() {
    done(open.store().queue().enqueue(List.of(entry(1, LEASE), entry(2, LEASE), entry(3, LEASE))));
    done(open.store().queue().settle(List.of(accepted(3))));
    done(open.store().queue().extend(List.of(claimOf(2)), NOW.plusSeconds(120)));
    assertThat(done(open.store().queue().lanes(NOW.plusSeconds(59)))).isEmpty();
    assertThat(done(open.store().queue().lanes(NOW.plusSeconds(60))))
        .containsExactly(new LaneDue(SCOPE, NOW.plusSeconds(60)));
    assertThat(claim(NOW.plusSeconds(60))).extracting(Claim::id).containsExactly(id(1));
    assertThat(done(open.store().queue().settle(List.of(accepted(1))))).containsExactly(false);
  }

  @Test
  void whatANodeLeavesBehindIsGivenBackOnceItsLeaseIsOverThoughItsIdCameLate() {
    done(open.store().queue().enqueue(List.of(entry(7, LEASE), entry(8, LEASE), entry(9, null))));
    assertThat(claim(NOW)).hasSize(1);
    done(open.store().queue().settle(List.of(accepted(7), accepted(8))));
    done(open.store().queue().lanes(NOW));
    done(open.store().queue().enqueue(List.of(entry(5, LEASE))));
    restart();
    assertThat(open.store().ids().newest()).isEqualTo(9);
    done(open.store().queue().lanes(NOW));
    assertThat(claim(NOW)).isEmpty();
    done(open.store().queue().lanes(LEASE.until()));
    assertThat(claim(LEASE.until())).extracting(Claim::id).containsExactly(id(5));
    assertThat(state(7)).isEqualTo(DeliveryState.DELIVERED);
  }

  @Test
  void whatWasCommittedThoughNobodyHeardIsGivenBackAsWell() throws Exception {
    try (HeardLog log = new HeardLog(GroupCommit.class)) {
      CompletableFuture<Boolean> unheard =
          open.store().writes().submit(connection -> commitUnheard(connection, claimedRow()));
      assertThat(unheard.handle((_, failure) -> failure != null).join()).isTrue();
      open.run("INSERT INTO payload (delivery_id, body, recipients) VALUES (4, '', '{}')");
      assertThat(done(open.store().queue().lanes(NOW))).isEmpty();
      assertThat(done(open.store().queue().lanes(LEASE.until()))).hasSize(1);
      assertThat(log.lines()).hasSize(2);
    }
  }

  /** One that is claimed. */
  private static String claimedRow() {
    return """
    INSERT INTO delivery SELECT 4, scope_id, config_id, gen_random_uuid(), 1, 1,
      %d, 0, 0, 0, 0, 0, 0, 'e', 'r', 'x', 'c', 'sent', ''
    FROM webhook_config
    """
        .formatted(LEASE.until().toEpochMilli());
  }

  /** Commits, and loses the connection before the commit that counts. */
  private boolean commitUnheard(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        Connection other = DriverManager.getConnection("jdbc:" + url);
        var kill = other.createStatement()) {
      statement.execute(sql);
      connection.commit();
      try (var row = statement.executeQuery("SELECT pg_backend_pid()")) {
        row.next();
        return kill.execute("SELECT pg_terminate_backend(" + row.getLong(1) + ", 5000)");
      }
    }
  }

  /** What is numbered here goes on behind what the database has. */
  @Test
  void writesGoOnAfterACommitThatStoodThoughNobodyHeard() throws Exception {
    try (HeardLog _ = new HeardLog(GroupCommit.class)) {
      done(open.store().queue().enqueue(List.of(entry(1, LEASE))));
      open.run(
          "INSERT INTO delivery_change SELECT max(node), max(seq) + 1, 0, '' FROM delivery_change");
      open.run("UPDATE node SET fresh_from = 1000");
      CompletableFuture<Object> undone =
          open.store()
              .writes()
              .submit(_ -> {
                throw new SQLException("lost");
              });
      assertThat(undone.handle((_, failure) -> failure != null).join()).isTrue();
      assertThat(done(open.store().queue().enqueue(List.of(entry(2, LEASE)))))
          .containsExactly(stored(2));
      assertThat(done(open.store().queue().lanes(LEASE.until()))).hasSize(1);
      assertThat(claim(LEASE.until()))
          .extracting(Claim::id)
          .containsExactlyInAnyOrder(new DeliveryId(1), new DeliveryId(2));
    }
  }

  @Test
  void textThatPostgresqlCannotHoldSpoilsNothing() {
    String odd = "a\0b";
    done(open.store().queue().enqueue(List.of(entry(1, odd, null), entry(2, null))));
    assertThat(done(open.store().queue().enqueue(List.of(entry(3, odd, null)))))
        .containsExactly(known(1));
    assertThat(done(open.store().queue().enqueue(List.of(entry(4, "a\uFFFDb", null)))))
        .as("another event, though it is shown as the same")
        .containsExactly(stored(4));
    assertThat(found(recipient(odd + "@luma.com"))).containsExactly(4L, 1L);
  }

  @Test
  void recipientsAreFoundWhateverTheyAreMadeOf() {
    List<String> odd = List.of("", "NULL", "a,b", "{c}", "d\"e", "f\\g", " h ", "ü");
    NewDelivery plain = Samples.delivery(SCOPE, 1, "e-1");
    done(
        open.store()
            .queue()
            .enqueue(
                List.of(
                    new Entry(
                        new NewDelivery(
                            plain.id(), SCOPE, 1, plain.subject(), odd, plain.payload()),
                        null,
                        NOW),
                    new Entry(
                        new NewDelivery(
                            id(2), SCOPE, 1, Samples.subject("e-2"), List.of(), plain.payload()),
                        null,
                        NOW))));
    for (String recipient : odd) {
      assertThat(found(recipient(recipient))).as(recipient).containsExactly(1L);
    }
    assertThat(found(recipient("null"))).isEmpty();
  }

  @Test
  void aPageLooksAtNoMoreThanSoMany() {
    int many = PostgresSearch.LOOKED_AT + 10;
    deliveries(many);
    done(open.store().queue().enqueue(List.of(entry(many + 1L, null))));
    DeliveryPage first = open.store().book().list(SCOPE, campaign("rare"), null, 10);
    assertThat(first.deliveries()).isEmpty();
    assertThat(first.next()).isEqualTo(id(many + 2L - PostgresSearch.LOOKED_AT));
    DeliveryPage second = open.store().book().list(SCOPE, campaign("rare"), first.next(), 10);
    assertThat(second.deliveries()).hasSize(1);
    assertThat(second.next()).isNull();
    assertThat(found(state(DeliveryState.WAITING))).containsExactly(many + 1L);
    assertThat(found(state(DeliveryState.EXHAUSTED))).isEmpty();
    assertThat(found(request("r-3"))).containsExactly(3L);
    assertThat(found(recipient("p-3"))).containsExactly(3L);
  }

  @Test
  void whatEndedOtherwiseThanDeliveredIsFoundAmongMany() {
    done(open.store().queue().enqueue(List.of(entry(1, LEASE))));
    Settlement gone =
        new Settlement(claimOf(1), null, new NextStep.GiveUp(NextStep.Ending.REFUSED, "gone"), NOW);
    assertThat(done(open.store().queue().settle(List.of(gone)))).containsExactly(true);
    deliveries(PostgresSearch.LOOKED_AT + 10);
    assertThat(found(state(DeliveryState.REFUSED))).containsExactly(1L);
    assertThat(claim(Instant.MAX)).isEmpty();
  }

  /** Delivered ones, from number 2 on; one of them is of another campaign. */
  private void deliveries(int last) {
    open.run(
        """
        INSERT INTO delivery
        SELECT n, scope_id, config_id, gen_random_uuid(), 2, 1, 0, 1, 0, 0, 0, 0, 0, 'e', 'r-' || n,
          'x', CASE n WHEN 3 THEN 'rare' ELSE 'c' END, 'sent', ''
        FROM webhook_config, generate_series(2, %d) AS n
        """
            .formatted(last));
    open.run(
        "INSERT INTO payload SELECT n, '', ARRAY['p-' || n] FROM generate_series(2, %d) AS n"
            .formatted(last));
  }

  /** Holds the writer up, so that what comes shares a commit. */
  private CountDownLatch block() {
    CountDownLatch latch = new CountDownLatch(1);
    open.writer()
        .execute(() -> {
          try {
            latch.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    return latch;
  }

  private List<Claim> claim(Instant dueBy) {
    return done(open.store().queue().claimDue(SCOPE, ROOM, dueBy, new Lease(9, Instant.MAX)))
        .claims();
  }

  private List<Long> found(DeliveryFilter filter) {
    DeliveryPage page = open.store().book().list(SCOPE, filter, null, 10);
    assertThat(page.next()).isNull();
    return page.deliveries().stream().map(one -> one.id().value()).toList();
  }

  private DeliveryState state(long id) {
    return open.store().book().find(SCOPE, id(id)).orElseThrow().state();
  }

  private static <T extends @Nullable Object> T done(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }

  private static <T extends @Nullable Object> T done(
      CompletionStage<T> stage, CountDownLatch blocked) {
    blocked.countDown();
    return done(stage);
  }

  private static DeliveryId id(long value) {
    return new DeliveryId(value);
  }

  private static Enqueued stored(long id) {
    return new Enqueued.Stored(id(id));
  }

  private static Enqueued known(long id) {
    return new Enqueued.Duplicate(id(id));
  }

  private static Entry entry(long id, @Nullable Lease lease) {
    return entry(id, "e-" + id, lease);
  }

  private static Entry entry(long id, String eventId, @Nullable Lease lease) {
    return new Entry(Samples.delivery(SCOPE, id, eventId), lease, NOW);
  }

  /** What {@link #LEASE} claims. */
  private static Claim claimOf(long id) {
    return new Claim(
        id(id), SCOPE, Samples.config().id(), LEASE.claimId(), 0, 0, Samples.payload("e-" + id));
  }

  private static Settlement accepted(long id) {
    Attempt attempt = new Attempt(1, NOW, Duration.ZERO, new AttemptResult.Accepted(200));
    return new Settlement(claimOf(id), attempt, new NextStep.Done(), NOW);
  }

  private static Settlement failed(long id, Instant next) {
    AttemptResult result =
        new AttemptResult.Retryable(AttemptFailure.HTTP_STATUS, 503, null, "HTTP 503");
    Attempt attempt = new Attempt(1, NOW, Duration.ZERO, result);
    return new Settlement(claimOf(id), attempt, new NextStep.RetryAt(next), NOW);
  }

  private static DeliveryFilter recipient(String recipient) {
    return new DeliveryFilter(null, null, null, null, null, recipient, null, null);
  }

  private static DeliveryFilter request(String request) {
    return new DeliveryFilter(null, null, null, request, null, null, null, null);
  }

  private static DeliveryFilter campaign(String campaign) {
    return new DeliveryFilter(null, null, campaign, null, null, null, null, null);
  }

  private static DeliveryFilter state(DeliveryState state) {
    return new DeliveryFilter(state, null, null, null, null, null, null, null);
  }
}
