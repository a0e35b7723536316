package dev.feedbackwebhooks.persistence.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.feedbackwebhooks.domain.testing.HeardLog;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.persistence.HeardStore;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On which databases nobody works, whatever he came for. */
@NullUnmarked
class DatabaseCheckTest {
  @TempDir Path directory;

  private PostgresSettings settings(String url) {
    return new PostgresSettings(url, directory.resolve("test.key"));
  }

  /** A server, {@code migrate} and {@code rotate-secret-key}. */
  private static void assertRefused(PostgresSettings settings, String... why) {
    assertThatThrownBy(() -> PostgresDatabase.open(settings).close())
        .isInstanceOf(StoreException.class)
        .message()
        .contains(why)
        .contains(settings.name())
        .doesNotContain("\n");
    assertThatThrownBy(() -> PostgresModule.offline(settings).close())
        .isInstanceOf(StoreException.class)
        .hasMessageContainingAll(why);
    assertThatThrownBy(() -> PostgresModule.rotateSecretKey(settings, true))
        .isInstanceOf(StoreException.class)
        .hasMessageContainingAll(why);
  }

  private static void run(PostgresSettings settings, String sql) throws SQLException {
    try (Connection connection = settings.connect(SessionPins.COMMON)) {
      DayPartitions.run(connection, sql);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"EUC_KR", "LATIN1", "SQL_ASCII", "WIN1252"})
  void anEncodingThatCannotHoldEveryTextIsRefused(String encoding) throws SQLException {
    PostgresSettings settings =
        settings(PostgresServer.emptyDatabase("ENCODING '" + encoding + "' TEMPLATE template0"));
    assertRefused(settings, encoding, "UTF8", "createdb --encoding=UTF8");
  }

  @Test
  void tablesOfAnotherProgramAreLeftAlone() throws SQLException {
    PostgresSettings settings = settings(PostgresServer.emptyDatabase());
    run(settings, "CREATE TABLE theirs (id bigint)");
    assertRefused(settings, "holds tables of another program: give an empty database");
    run(settings, "SELECT count(*) FROM theirs");
  }

  @Test
  void ourTablesInAPlaceThatIsNotLookedAtAreNotPassedOver() throws SQLException {
    PostgresSettings settings = settings(PostgresServer.emptyDatabase());
    run(settings, "CREATE SCHEMA apart");
    PostgresSettings there = settings(settings.url() + "&currentSchema=apart");
    assertThatCode(() -> PostgresDatabase.open(there).close()).doesNotThrowAnyException();
    assertRefused(settings, "the schema apart", "currentSchema=apart");
    assertThatCode(() -> PostgresDatabase.open(there).close()).doesNotThrowAnyException();
  }

  /** With one connection after the other, and with sessions that take turns; prepared or not. */
  @ParameterizedTest
  @CsvSource({"true,", "false,", "true,&prepareThreshold=0", "false,&prepareThreshold=0"})
  void aPoolerThatGivesEachTransactionAnySessionIsRefused(boolean inTurn, String parameters)
      throws Exception {
    String url = PostgresServer.freshDatabase();
    int port = URI.create(url).getPort();
    try (TransactionPooler pooler = TransactionPooler.before(port, inTurn)) {
      String pooled = url.replace(":" + port + "/", ":" + pooler.port() + "/");
      assertRefused(settings(pooled + (parameters == null ? "" : parameters)), "pool_mode=session");
    }
  }

  @Test
  void aServerWhoseCommitsAreNotSyncedIsRefusedUnlessToldOtherwise() throws Exception {
    try (EmbeddedPostgres server = PostgresServer.start("off")) {
      PostgresSettings settings =
          settings("postgresql://127.0.0.1:" + server.getPort() + "/postgres?user=postgres");
      assertRefused(settings, "fsync=off", "--insecure-durability");
      PostgresDatabase.open(settings.withInsecureDurability(true)).close();
    }
  }

  @Test
  void aServerThatMayLoseWhatItCommittedIsRefusedOrTakenWithAWarning() throws Exception {
    String setting = "full_page_writes";
    String url = PostgresServer.freshDatabase();
    HeardStore heard = new HeardStore();
    try (PostgresDatabase database = PostgresDatabase.open(settings(url));
        HeardLog log = new HeardLog(Durability.class)) {
      Durability durability = new Durability(database.upkeep(), heard);
      durability.look(Samples.NOW);
      try {
        set(settings(url), setting, "off");
        assertRefused(settings(url), setting + "=off", "--insecure-durability");
        PostgresDatabase.open(settings(url).withInsecureDurability(true)).close();
        durability.look(Samples.NOW.plusSeconds(59));
        assertThat(heard.heard()).as("not at once").isEmpty();
        durability.look(Samples.NOW.plusSeconds(61));
        assertThat(heard.heard()).containsExactly("insecure");
      } finally {
        set(settings(url), setting, "on");
      }
      durability.look(Samples.NOW.plus(Duration.ofMinutes(3)));
      assertThat(heard.heard()).containsExactly("insecure");
      assertThat(log.lines()).hasSize(2);
      assertThat(log.lines().getFirst()).startsWith("WARN PostgreSQL may lose");
    }
  }

  private static void set(PostgresSettings settings, String name, String value)
      throws SQLException {
    run(settings, "ALTER SYSTEM SET " + name + " = " + value);
    run(settings, "SELECT pg_reload_conf()");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> {
          try (Connection connection = settings.connect(SessionPins.COMMON)) {
            return show(connection, name).equals(value);
          }
        });
  }

  private static String show(Connection connection, String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW " + name)) {
      return row.next() ? row.getString(1) : "";
    }
  }

  /** Nothing that was set for a role or a database, or is later, changes what we do. */
  @Test
  void whatIsSetForTheDatabaseChangesNoConnection() throws Exception {
    PostgresSettings settings = settings(PostgresServer.emptyDatabase());
    String name = settings.name().substring(settings.name().lastIndexOf('/') + 1);
    run(settings, "CREATE SCHEMA other");
    for (String set :
        new String[] {
          "default_transaction_isolation = 'serializable'",
          "default_transaction_read_only = on",
          "default_transaction_deferrable = on",
          "synchronous_commit = off",
          "statement_timeout = '20s'",
          "lock_timeout = '20s'",
          "transaction_timeout = '20s'",
          "idle_session_timeout = '20s'",
          "idle_in_transaction_session_timeout = '20s'",
          "search_path = other",
          "timezone = 'Asia/Kathmandu'",
          "standard_conforming_strings = off",
          "bytea_output = 'escape'",
          "enable_indexscan = off"
        }) {
      run(settings, "ALTER DATABASE " + name + " SET " + set);
    }
    try (OpenPostgres open = OpenPostgres.on(settings.url(), directory);
        PostgresDatabase database = PostgresDatabase.open(settings);
        PostgresSingles singles = PostgresSingles.open(settings, Thread::startVirtualThread);
        Connection upkeep = database.upkeep().getConnection()) {
      assertThat(open.store().configs().insert(Samples.config(), Samples.entry())).isTrue();
      assertThat(open.count("public.webhook_config")).isEqualTo(1);
      assertPinned(upkeep, "on");
      assertPinned(database.session().begin(), "on");
      database.reads().useHandle(handle -> assertPinned(handle.getConnection(), "on"));
      database.lookups().useHandle(handle -> assertPinned(handle.getConnection(), "on"));
      var _ =
          singles
              .submit(connection -> {
                assertPinned(connection, "off");
                return true;
              })
              .join();
    }
  }

  /** A session that says so itself does not follow what is set later either. */
  private static void assertPinned(Connection connection, String synchronous) throws SQLException {
    assertThat(show(connection, "synchronous_commit")).isEqualTo(synchronous);
    assertThat(show(connection, "search_path")).isEqualTo("\"$user\", public");
    assertThat(show(connection, "transaction_isolation")).isEqualTo("read committed");
    assertThat(show(connection, "default_transaction_read_only")).isEqualTo("off");
    assertThat(show(connection, "default_transaction_deferrable")).isEqualTo("off");
    assertThat(show(connection, "timezone")).isEqualTo("UTC");
    assertThat(show(connection, "standard_conforming_strings")).isEqualTo("on");
    assertThat(show(connection, "bytea_output")).isEqualTo("hex");
    for (String limit :
        new String[] {
          "statement_timeout", "lock_timeout", "transaction_timeout", "idle_session_timeout"
        }) {
      assertThat(show(connection, limit)).as(limit).isEqualTo("0");
    }
    assertThat(show(connection, "idle_in_transaction_session_timeout")).isNotEqualTo("20s");
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM pg_settings WHERE source = 'session' AND name IN"
                    + " ('synchronous_commit', 'default_transaction_isolation', 'search_path',"
                    + " 'statement_timeout', 'default_transaction_read_only')")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getInt(1)).isEqualTo(5);
    }
  }
}
