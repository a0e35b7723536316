package dev.feedbackwebhooks.persistence.postgresql;

import static dev.feedbackwebhooks.persistence.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.audit.AuditFilter;
import dev.feedbackwebhooks.domain.audit.AuditRecord;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.Enqueued;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.domain.key.Secret;
import dev.feedbackwebhooks.domain.replay.Replay;
import dev.feedbackwebhooks.domain.replay.ReplayId;
import dev.feedbackwebhooks.domain.replay.ReplayPlan;
import dev.feedbackwebhooks.domain.replay.ReplayState;
import dev.feedbackwebhooks.domain.replay.ReplayStore;
import dev.feedbackwebhooks.domain.replay.ReplayTally;
import dev.feedbackwebhooks.domain.testing.HeardLog;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.persistence.stored.GroupCommit;
import dev.feedbackwebhooks.persistence.stored.RefusedException;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What PostgreSQL does beyond the contracts. */
class PostgresStoreTest {
  private static final Scope SCOPE = Samples.SCOPE;
  private static final WebhookConfig CONFIG = Samples.config();
  private static final AuditEntry ENTRY = Samples.entry();

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE audit_record SET who = 'x'",
        "DELETE FROM audit_record",
        "TRUNCATE audit_record",
        "INSERT INTO audit_record SELECT id - 1, scope_id, 0, 'x', 'x', 'x', 'x' FROM audit_record"
      })
  void theSchemaRefusesToChangeWhatIsOnRecord(String sql) throws Exception {
    try (HeardLog log = new HeardLog(GroupCommit.class);
        OpenPostgres open = OpenPostgres.fresh(directory)) {
      assertThat(open.store().configs().insert(CONFIG, ENTRY)).isTrue();
      List<AuditRecord> before = records(open);
      assertThatThrownBy(() -> open.run(sql)).isInstanceOf(RefusedException.class);
      assertThat(records(open)).hasSize(1).isEqualTo(before);
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void whatIsStoredOutlivesTheProcess() throws Exception {
    String url = PostgresServer.emptyDatabase();
    List<AuditRecord> written;
    String fingerprint;
    try (OpenPostgres open = OpenPostgres.on(url, directory)) {
      assertThat(open.store().configs().insert(CONFIG, ENTRY)).isTrue();
      written = records(open);
      fingerprint = open.store().fingerprints().of("a", Secret.of("1234"));
    }
    try (OpenPostgres open = OpenPostgres.on(url, directory)) {
      assertThat(open.store().configs().find(SCOPE)).contains(CONFIG);
      assertThat(records(open)).hasSize(1).isEqualTo(written);
      assertThat(open.store().fingerprints().of("a", Secret.of("1234"))).isEqualTo(fingerprint);
      assertThat(open.store().configs().delete(SCOPE, CONFIG.id(), 1, ENTRY)).isTrue();
      assertThat(records(open)).hasSize(2).endsWith(written.toArray(AuditRecord[]::new));
    }
  }

  @Test
  void anotherKeyFileIsRefused() throws Exception {
    String url = PostgresServer.freshDatabase();
    OpenPostgres.on(url, directory).close();
    Path another = Files.createDirectory(directory.resolve("another"));
    OpenPostgres.fresh(another).close();
    assertThatThrownBy(() -> OpenPostgres.on(url, another))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is not the one that the secrets in postgresql://127.0.0.1")
        .hasMessageNotContaining("user=");
    Files.delete(directory.resolve("test.key"));
    assertThatThrownBy(() -> OpenPostgres.on(url, directory))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is missing");
  }

  @Test
  void aUrlThatCannotBeReadIsNotRepeated() {
    String url = "postgresql://127.0.0.1:1/db?user=u&password=50%off-s3cr3t";
    assertThatThrownBy(() -> OpenPostgres.on(url, directory))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("cannot open the database postgresql://127.0.0.1:1/db: ")
        .hasMessageContaining("percent-encoded")
        .hasMessageNotContaining("s3cr3t");
  }

  @Test
  void aDatabaseOfAnotherProgramIsRefused() throws Exception {
    String foreign = PostgresServer.emptyDatabase();
    run(foreign, "CREATE TABLE theirs (n int)");
    assertThatThrownBy(() -> OpenPostgres.on(foreign, directory))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("holds tables of another program");
  }

  @Test
  void aLostConnectionIsMadeAnew() throws Exception {
    String url = PostgresServer.freshDatabase();
    try (HeardLog log = new HeardLog(GroupCommit.class);
        OpenPostgres open = OpenPostgres.on(url, directory)) {
      assertThat(open.store().configs().insert(CONFIG, ENTRY)).isTrue();
      run(
          url,
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE datname = current_database() AND query = 'COMMIT'");
      // It was lost before the commit: nothing is in doubt, and nobody needs to hear of it.
      assertThat(open.store().configs().delete(SCOPE, CONFIG.id(), 1, ENTRY)).isTrue();
      assertThat(open.store().configs().find(SCOPE)).isEmpty();
      assertThat(open.heard().heard()).isEmpty();
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void whileTheDatabaseCannotBeReachedAllAreToldToTryAgain() throws Exception {
    String url = PostgresServer.freshDatabase();
    try (HeardLog _ = new HeardLog(GroupCommit.class);
        HeardLog _ = new HeardLog(Class.forName("com.zaxxer.hikari.pool.PoolBase"));
        OpenPostgres open = OpenPostgres.on(url, directory)) {
      assertThat(open.store().configs().insert(CONFIG, ENTRY)).isTrue();
      PostgresServer.reachable(url, false);
      // A connection that was used just now is not tried first: who gets it may be told otherwise.
      await()
          .untilAsserted(() ->
              assertThatThrownBy(() -> open.store().configs().find(SCOPE))
                  .isInstanceOfSatisfying(
                      Fault.Unavailable.class,
                      refused -> assertThat(refused.reason()).isEqualTo(Reason.STORE_UNAVAILABLE)));
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> open.store().configs().delete(SCOPE, CONFIG.id(), 1, ENTRY))
            .isInstanceOf(Fault.Unavailable.class);
      }
      assertThat(open.heard().heard()).containsExactly("failing");
      PostgresServer.reachable(url, true);
      await().ignoreExceptions().until(() -> open.store().configs().find(SCOPE).isPresent());
      await()
          .ignoreExceptions()
          .until(() -> open.store().configs().delete(SCOPE, CONFIG.id(), 1, ENTRY));
      assertThat(open.heard().heard()).containsExactly("failing", "recovered");
    }
  }

  /** PostgreSQL has no text with U+0000; callers may send one. */
  @Test
  void textThatPostgresCannotHoldIsStoredAndFoundAllTheSame() throws Exception {
    Replay replay =
        new Replay(
            new ReplayId(1),
            SCOPE,
            new ReplayPlan(
                "request_id = \"a\0b\"",
                new DeliveryFilter(null, null, null, "a\0b", null, null, Samples.NOW, Samples.NOW),
                100,
                "again\0"),
            ReplayState.RUNNING,
            ReplayTally.of(0),
            null,
            Samples.NOW,
            Samples.NOW,
            null);
    try (OpenPostgres open = OpenPostgres.fresh(directory)) {
      assertThat(open.store().replays().start(replay, 1, ENTRY))
          .isEqualTo(new ReplayStore.Started.Stored());
      assertThat(open.store().replays().start(replay, 2, ENTRY))
          .isInstanceOf(ReplayStore.Started.Known.class);
      Replay stored = open.store().replays().ofRequest(SCOPE, "again\0").orElseThrow();
      assertThat(stored.plan().filter()).isEqualTo(replay.plan().filter());
      assertThat(stored.plan().text()).isEqualTo("request_id = \"a\uFFFDb\"");
      assertThat(open.store().configs().find(new Scope("a\0", "b"))).isEmpty();
    }
  }

  @Test
  void whyADatabaseCannotBeOpenedIsSaidInOneLineWithoutItsParameters() {
    assertThatThrownBy(() ->
            OpenPostgres.on(
                "postgresql://127.0.0.1:1/none?user=somebody&password=s3cr3t", directory))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("cannot open the database postgresql://127.0.0.1:1/none: ")
        .hasMessageContaining("refused")
        .message()
        .doesNotContain("s3cr3t", "\n");
  }

  private static List<AuditRecord> records(OpenPostgres open) {
    return open.store().audit().list(new AuditFilter(null, null, null, null, null), null, 10);
  }

  private static void run(String url, String sql) throws SQLException {
    try (var connection = DriverManager.getConnection("jdbc:" + url);
        var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Test
  void aColumnThatThisProgramDoesNotFillIsNoFaultOfTheEvents() throws Exception {
    try (OpenPostgres open = OpenPostgres.fresh(directory)) {
      open.run("ALTER TABLE delivery ADD COLUMN half_done text NOT NULL");
      assertThat(enqueue(open, 1)).isEqualTo(new Enqueued.Failed());
      assertThat(open.store().configs().insert(CONFIG, ENTRY)).as("all else is written").isTrue();
      open.run("ALTER TABLE delivery DROP COLUMN half_done");
      assertThat(enqueue(open, 1)).isInstanceOf(Enqueued.Stored.class);
    }
  }

  private static Enqueued enqueue(OpenPostgres open, long id) throws Exception {
    return open.store()
        .queue()
        .enqueue(
            List.of(
                new DeliveryQueue.Entry(Samples.delivery(SCOPE, id, "e-" + id), null, Samples.NOW)))
        .toCompletableFuture()
        .get(2, TimeUnit.MINUTES)
        .getFirst();
  }
}
