package dev.feedbackwebhooks.persistence.migration;

import static dev.feedbackwebhooks.domain.testing.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue.Entry;
import dev.feedbackwebhooks.domain.delivery.DeliverySubject;
import dev.feedbackwebhooks.domain.delivery.Enqueued;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.persistence.PersistenceModule;
import dev.feedbackwebhooks.persistence.SqliteFiles;
import dev.feedbackwebhooks.persistence.StoreSettings;
import dev.feedbackwebhooks.persistence.migration.MigrationModule.Compared;
import dev.feedbackwebhooks.persistence.migration.MigrationModule.Progress;
import dev.feedbackwebhooks.persistence.postgresql.PostgresModule;
import dev.feedbackwebhooks.persistence.postgresql.PostgresServer;
import dev.feedbackwebhooks.persistence.postgresql.PostgresSettings;
import dev.feedbackwebhooks.persistence.stored.OfflineStore;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole store moves from SQLite to PostgreSQL, however often the way there is broken off. */
@NullUnmarked
class StoreMigrationTest {
  /** More than two batches'. */
  private static final int MANY = 4_500;

  private static final int FEW = 50;

  @TempDir Path directory;
  private StoreSettings from;
  private PostgresSettings to;

  @BeforeEach
  void settings() throws SQLException {
    from = new StoreSettings(directory.resolve("test.db"), directory.resolve("test.key"));
    to = new PostgresSettings(PostgresServer.emptyDatabase(), from.secretKeyFile());
  }

  private Ports sqlite() {
    return Ports.open(new PersistenceModule(from));
  }

  private Ports postgres() {
    return Ports.open(new PostgresModule(to));
  }

  private void fill(int many) throws Exception {
    try (Ports ports = sqlite()) {
      new LivedStore(ports).fill(many);
    }
  }

  private List<Compared> migrate() {
    return MigrationModule.migrate(from, to, new Unheard());
  }

  private void run(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:" + to.url());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private long count(String table) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:" + to.url());
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  private static void assertEqual(List<Compared> compared) {
    assertThat(compared).isNotEmpty().allSatisfy(each -> assertThat(each.isEqual()).isTrue());
  }

  private void assertRefusedToServers() {
    assertThatThrownBy(this::postgres)
        .hasCauseInstanceOf(StoreException.class)
        .hasMessageContaining("run that again until");
  }

  private static Enqueued enqueue(Ports ports, NewDelivery delivery) {
    return LivedStore.done(ports.queue().enqueue(List.of(new Entry(delivery, null, NOW))))
        .getFirst();
  }

  @Test
  void allThatPortsAnswerIsTheSameAndKnownEventsStayKnown() throws Exception {
    fill(FEW);
    byte[] before = Files.readAllBytes(from.database());
    List<Compared> compared = migrate();
    assertEqual(compared);
    assertThat(compared).allSatisfy(each -> assertThat(each.rows()).isPositive());
    assertThat(count("delivery") - count("delivery_default")).as("in its day").isEqualTo(FEW + 4);
    assertThat(Files.readAllBytes(from.database())).as("not changed").isEqualTo(before);
    Picture expected;
    try (Ports ports = sqlite()) {
      expected = Picture.of(ports, FEW + 10);
    }
    try (Ports ports = postgres()) {
      assertThat(Picture.of(ports, FEW + 10)).usingRecursiveComparison().isEqualTo(expected);
      assertThat(expected.deliveries()).hasSize(FEW + 4);
      for (int number = 0; number < FEW; number++) {
        NewDelivery again = Samples.delivery(LivedStore.SCOPE, 5_000_000, "e-" + number);
        assertThat(enqueue(ports, again)).isEqualTo(new Enqueued.Duplicate(LivedStore.id(number)));
      }
      NewDelivery fresh = LivedStore.delivery(LivedStore.SCOPE, 4711, FEW + 20);
      assertThat(enqueue(ports, fresh)).isEqualTo(new Enqueued.Stored(fresh.id()));
    }
  }

  @Test
  void brokenOffAfterAnyBatchItGoesOnWhereItWas() throws Exception {
    fill(MANY);
    Set<String> heard = new HashSet<>();
    int runs = 0;
    List<Compared> compared = List.of();
    while (compared.isEmpty()) {
      runs++;
      try {
        compared = MigrationModule.migrate(from, to, new BreakingOff(heard, 4));
      } catch (StoreException e) {
        assertThat(e).hasMessage("broken off");
        assertRefusedToServers();
      }
    }
    assertEqual(compared);
    assertThat(runs).isGreaterThan(4);
    try (Ports ports = postgres()) {
      assertThat(ports.book().find(LivedStore.SCOPE, LivedStore.id(MANY - 1))).isPresent();
    }
  }

  @Test
  void whatDiffersIsFoundAndNoServerTakesIt() throws Exception {
    fill(FEW);
    assertThatThrownBy(() -> MigrationModule.migrate(from, to, new BeforeComparing()))
        .hasMessage("broken off");
    run("UPDATE delivery SET reason = 'another' WHERE id = " + LivedStore.id(3).value());
    run("DELETE FROM attempt WHERE delivery_id = " + LivedStore.id(4).value());
    run("UPDATE payload SET recipients = '{}' WHERE delivery_id = " + LivedStore.id(5).value());
    assertThat(migrate().stream().filter(each -> !each.isEqual()).map(Compared::table))
        .containsExactly("delivery", "payload", "attempt");
    assertRefusedToServers();
  }

  @Test
  void aDatabaseThatWasUsedIsRefused() throws Exception {
    fill(FEW);
    try (Ports ports = postgres()) {
      assertThatThrownBy(this::migrate).hasMessageContaining("stop them first");
      assertThat(ports.configs().insert(Samples.config(), Samples.entry())).isTrue();
    }
    assertThatThrownBy(this::migrate).hasMessageContaining("give an empty one by --to");
  }

  @Test
  void anotherProgramsDatabaseIsRefusedAndStaysAsItIs() throws Exception {
    fill(FEW);
    run("CREATE TABLE theirs (id bigint)");
    assertThatThrownBy(this::migrate)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("holds tables of another program: give an empty database")
        .hasMessageContaining(to.name());
    assertThat(count("pg_class WHERE relnamespace = 'public'::regnamespace")).isEqualTo(1);
    assertThat(count("theirs")).isZero();
  }

  @Test
  void whileSqliteIsReadNoTransactionIsOpen() throws Exception {
    fill(FEW);
    List<Long> open = new ArrayList<>();
    assertEqual(
        MigrationModule.migrate(
            from,
            to,
            new Unheard() {
              @Override
              public void copied(String table, long rows, long all) {
                try {
                  open.add(
                      count(
                          "pg_stat_activity WHERE state LIKE 'idle in transaction%'"
                              + " AND datname = current_database()"));
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              }
            }));
    assertThat(open).isNotEmpty().containsOnly(0L);
    try (OfflineStore store = PostgresModule.offline(to);
        Statement show = store.connection().createStatement();
        ResultSet row = show.executeQuery("SHOW idle_in_transaction_session_timeout")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).isEqualTo("0");
    }
  }

  @Test
  void eachDayThatHasDeliveriesGetsItsPartitionHoweverOldItIs() throws Exception {
    int days = 50;
    try (Ports ports = sqlite()) {
      for (int back = 0; back < days; back++) {
        Instant day = NOW.minus(Duration.ofDays(30L * back));
        long first = DeliveryId.firstAt(day).value();
        var _ = enqueue(ports, Samples.delivery(LivedStore.SCOPE, first, "e-" + back));
        var _ = enqueue(ports, Samples.delivery(LivedStore.SCOPE, first + 1, "f-" + back));
      }
      // Before there were days in ids, and of a clock that is far ahead.
      var _ = enqueue(ports, Samples.delivery(LivedStore.SCOPE, 7, "old"));
      var _ = enqueue(ports, Samples.delivery(LivedStore.SCOPE, Long.MAX_VALUE - 1, "last"));
    }
    assertEqual(migrate());
    assertThat(count("delivery")).isEqualTo(2 * days + 2);
    for (String table : List.of("delivery", "payload", "attempt")) {
      assertThat(count("pg_inherits WHERE inhparent = '" + table + "'::regclass"))
          .as("one for each day, that of 1970 and the default one")
          .isEqualTo(days + 2);
    }
    assertThat(count("delivery_default")).isEqualTo(1);
    assertThat(count("payload_default")).isEqualTo(1);
    assertThat(count("delivery_19700101")).isEqualTo(1);
  }

  @Test
  void aMigrationThatEndedIsNotBegunAgain() throws Exception {
    fill(FEW);
    assertEqual(migrate());
    assertThatThrownBy(this::migrate).hasMessageContaining("start servers on it");
  }

  @Test
  void anotherDatabaseDoesNotGoOnWithThisOnesNorThisOneOnceItChanged() throws Exception {
    fill(FEW);
    assertThatThrownBy(() -> MigrationModule.migrate(from, to, new BeforeComparing()))
        .hasMessage("broken off");
    try (Ports ports = sqlite()) {
      var _ = enqueue(ports, LivedStore.delivery(LivedStore.SCOPE, 4711, FEW + 20));
    }
    assertThatThrownBy(this::migrate).hasMessageContaining("holds a part of another SQLite");
  }

  @Test
  void aFileInUseOrOfAnotherVersionOrWithoutItsKeyIsRefused() throws Exception {
    assertThatThrownBy(this::migrate).hasMessageContaining("there is no database");
    fill(FEW);
    try (Ports _ = sqlite()) {
      assertThatThrownBy(this::migrate).hasMessageContaining("in use by another process");
    }
    try (Connection connection = SqliteFiles.connect(from.database());
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA user_version = 12");
      assertThatThrownBy(this::migrate).hasMessageContaining("start its server once");
      statement.execute("PRAGMA user_version = 13");
    }
    Files.delete(from.secretKeyFile());
    assertThatThrownBy(this::migrate).hasMessageContaining("is missing");
  }

  @Test
  void whatPostgresCannotHoldIsReplacedAndCountsAsEqual() throws Exception {
    NewDelivery odd =
        new NewDelivery(
            LivedStore.id(1),
            LivedStore.SCOPE,
            4711,
            new DeliverySubject(
                "e\0vent",
                NOW,
                "re\0quest",
                "",
                Samples.subject("e").channel(),
                Samples.CAMPAIGN,
                "bounce"),
            List.of("a\0b@luma.com"),
            Samples.payload("body"));
    try (Ports ports = sqlite()) {
      assertThat(enqueue(ports, odd)).isEqualTo(new Enqueued.Stored(odd.id()));
    }
    assertEqual(migrate());
    try (Ports ports = postgres()) {
      assertThat(ports.book().find(LivedStore.SCOPE, odd.id()).orElseThrow().subject().requestId())
          .isEqualTo("re\uFFFDquest");
      assertThat(enqueue(ports, odd)).isEqualTo(new Enqueued.Duplicate(odd.id()));
    }
  }

  /** Hears nothing of it. */
  private static class Unheard implements Progress {
    @Override
    public void copied(String table, long rows, long all) {}

    @Override
    public void compared(String table, long rows, long all) {}
  }

  /** Breaks off after so many commits. */
  private static final class BreakingOff extends Unheard {
    private final Set<String> heard;
    private int left;

    BreakingOff(Set<String> heard, int left) {
      this.heard = heard;
      this.left = left;
    }

    @Override
    public void copied(String table, long rows, long all) {
      // What a run goes on with it has committed no more than once.
      if (rows > 0 && heard.add(table + " " + rows) && --left == 0) {
        throw new StoreException("broken off", null);
      }
    }
  }

  /** Breaks off once all is copied. */
  private static final class BeforeComparing extends Unheard {
    @Override
    public void copied(String table, long rows, long all) {
      if (table.equals("attempt") && rows == all) {
        throw new StoreException("broken off", null);
      }
    }
  }
}
