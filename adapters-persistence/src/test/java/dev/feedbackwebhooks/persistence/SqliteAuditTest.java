package dev.feedbackwebhooks.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedbackwebhooks.domain.audit.AuditEntry;
import dev.feedbackwebhooks.domain.audit.AuditFilter;
import dev.feedbackwebhooks.domain.audit.AuditRecord;
import dev.feedbackwebhooks.domain.campaign.Campaign;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Entry;
import dev.feedbackwebhooks.domain.key.Secret;
import dev.feedbackwebhooks.domain.testing.HeardLog;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.persistence.stored.GroupCommit;
import dev.feedbackwebhooks.persistence.stored.RefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What SQLite does for audit records beyond the contract. */
class SqliteAuditTest {
  private static final Scope SCOPE = Samples.SCOPE;
  private static final WebhookConfig CONFIG = Samples.config();
  private static final AuditEntry ENTRY = Samples.entry();

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE audit_record SET who = 'x'",
        "UPDATE OR REPLACE audit_record SET id = id + 1",
        "DELETE FROM audit_record",
        "REPLACE INTO audit_record SELECT id, scope_id, 0, 'x', 'x', 'x', 'x' FROM audit_record",
        "INSERT INTO audit_record SELECT id - 1, scope_id, 0, 'x', 'x', 'x', 'x' FROM audit_record"
      })
  void theSchemaRefusesToChangeWhatIsWritten(String sql) throws Exception {
    try (HeardLog log = new HeardLog(GroupCommit.class);
        OpenStore open = OpenStore.in(directory)) {
      assertThat(open.store().configs().insert(CONFIG, ENTRY)).isTrue();
      List<AuditRecord> before = list(open);
      assertThatThrownBy(() -> run(open, sql)).isInstanceOf(RefusedException.class);
      assertThat(list(open)).hasSize(1).isEqualTo(before);
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void aChangeWhoseRecordCannotBeWrittenIsNotMade() throws Exception {
    Campaign off = new Campaign(SCOPE, "c", false, Samples.NOW);
    Entry event = new Entry(Samples.delivery(SCOPE, 1, "e-1"), null, Samples.NOW);
    DeliveryId id = new DeliveryId(1);
    try (HeardLog log = new HeardLog(GroupCommit.class);
        OpenStore open = OpenStore.in(directory)) {
      SqliteStore store = open.store();
      assertThat(store.configs().insert(CONFIG, ENTRY)).isTrue();
      var _ = store.queue().enqueue(List.of(event)).toCompletableFuture().join();
      run(
          open,
          "CREATE TRIGGER broken BEFORE INSERT ON audit_record"
              + " BEGIN SELECT RAISE(ABORT, 'broken'); END");
      WebhookConfig elsewhere = Samples.config(new Scope("another", "prod"));
      refused(() -> store.configs().insert(elsewhere, ENTRY));
      refused(() -> store.configs().replace(CONFIG, 1, ENTRY));
      refused(() -> store.configs().delete(SCOPE, CONFIG.id(), 1, ENTRY));
      refused(() -> store.campaigns().put(off, null, ENTRY));
      refused(() -> store.book().retry(SCOPE, id, CONFIG.id(), Samples.NOW.plusSeconds(9), ENTRY));
      assertThat(store.configs().list(null, null, null, 10)).containsExactly(CONFIG);
      assertThat(store.campaigns().find(SCOPE, "c")).isEmpty();
      assertThat(store.book().find(SCOPE, id).orElseThrow().updateTime()).isEqualTo(Samples.NOW);
      assertThat(list(open)).hasSize(1);
      run(open, "DROP TRIGGER broken");
      assertThat(store.configs().delete(SCOPE, CONFIG.id(), 1, ENTRY)).isTrue();
      assertThat(log.lines()).isEmpty();
    }
  }

  private static void refused(ThrowingCallable change) {
    assertThatThrownBy(change).isInstanceOf(RefusedException.class);
  }

  @Test
  void recordsAndFingerprintsOutliveTheProcess() throws Exception {
    List<AuditRecord> written;
    String fingerprint;
    try (OpenStore open = OpenStore.in(directory)) {
      assertThat(open.store().configs().insert(CONFIG, ENTRY)).isTrue();
      assertThat(open.store().configs().delete(SCOPE, CONFIG.id(), 1, ENTRY)).isTrue();
      written = list(open);
      fingerprint = open.store().fingerprints().of("a", Secret.of("1234"));
    }
    try (OpenStore open = OpenStore.in(directory)) {
      assertThat(list(open)).hasSize(2).isEqualTo(written);
      assertThat(open.store().configs().insert(CONFIG, ENTRY)).isTrue();
      assertThat(list(open)).hasSize(3).endsWith(written.toArray(AuditRecord[]::new));
      assertThat(open.store().fingerprints().of("a", Secret.of("1234"))).isEqualTo(fingerprint);
    }
  }

  /** Nobody can make a table of short secrets: the key is each database's own. */
  @Test
  void fingerprintsNeedTheDatabasesKey() throws Exception {
    Path another = Files.createDirectory(directory.resolve("another"));
    try (OpenStore open = OpenStore.in(directory);
        OpenStore other = OpenStore.in(another)) {
      List<String> prints =
          Stream.of(
                  open.store().fingerprints().of("a", Secret.of("1234")),
                  open.store().fingerprints().of("a", Secret.of("1235")),
                  open.store().fingerprints().of("b", Secret.of("1234")),
                  other.store().fingerprints().of("a", Secret.of("1234")))
              .toList();
      assertThat(prints).doesNotHaveDuplicates().allMatch(print -> print.matches("[0-9a-f]{16}"));
    }
  }

  private static List<AuditRecord> list(OpenStore open) {
    return open.store().audit().list(new AuditFilter(null, null, null, null, null), null, 10);
  }

  private static void run(OpenStore open, String sql) {
    var _ =
        open.store()
            .writes()
            .await(connection -> {
              try (Statement statement = connection.createStatement()) {
                return statement.executeUpdate(sql);
              }
            });
  }
}
