package dev.feedbackwebhooks.persistence.postgresql;

import static dev.feedbackwebhooks.persistence.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedbackwebhooks.persistence.stored.OfflineStore;
import dev.feedbackwebhooks.persistence.stored.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that starts, and a command that has to have the database to itself, at one time. */
@NullUnmarked
class KeptOutTest {
  private static final String LIVING_NODE =
      // for an hour, however slow the test is
      "INSERT INTO node VALUES (4711, (extract(epoch FROM now()) * 1000 + 3600000)::bigint, 1, false)";
  private static final String WAITING =
      """
      pg_locks WHERE relation = 'node'::regclass AND NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      """;

  @TempDir Path directory;
  private final ExecutorService other = Executors.newSingleThreadExecutor();
  private PostgresSettings settings;

  @BeforeEach
  void settings() throws SQLException {
    settings = new PostgresSettings(PostgresServer.freshDatabase(), directory.resolve("test.key"));
  }

  @AfterEach
  void end() {
    other.shutdown();
  }

  private OpenPostgres open() {
    return OpenPostgres.on(settings.url(), directory);
  }

  private Connection connect() throws SQLException {
    Connection connection = DriverManager.getConnection(settings.jdbcUrl());
    connection.setAutoCommit(false);
    return connection;
  }

  private long count(String from) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + from)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  /** Lets it come to where it waits. */
  private <T> Future<T> begin(Callable<T> task) {
    Future<T> begun = other.submit(task);
    await().until(() -> begun.isDone() || count(WAITING) == 1);
    assertThat(begun.isDone()).isFalse();
    return begun;
  }

  @Test
  void whoStartsAsAMigrationBeginsIsRefusedAndLeavesNothing() throws Exception {
    try (OfflineStore store = PostgresModule.offline(settings)) {
      PostgresModule.keepServersOut(store);
      Future<OpenPostgres> server = begin(this::open);
      DayPartitions.run(store.connection(), "INSERT INTO migration VALUES ('all', '', 0, false)");
      store.connection().commit();
      assertThatThrownBy(server::get)
          .hasCauseInstanceOf(StoreException.class)
          .hasMessageContaining("run that again until");
    }
    assertThat(count("secret_key_check")).isZero();
    assertThat(count("fingerprint_key")).isZero();
    assertThat(count("node")).isZero();
  }

  @Test
  void whoStartsAsTheKeyIsExchangedNeedsTheNewOne() throws Exception {
    open().close();
    try (OfflineStore store = PostgresModule.offline(settings)) {
      PostgresModule.keepServersOut(store);
      Future<OpenPostgres> server = begin(this::open);
      DayPartitions.run(store.connection(), "UPDATE secret_key_check SET encrypted = '\\x0100'");
      store.connection().commit();
      assertThatThrownBy(server::get)
          .hasCauseInstanceOf(StoreException.class)
          .hasMessageContaining("is not the one");
    }
  }

  @Test
  void whoIsAboutToJoinIsInTheWayOfAnExchangeOfTheKey() throws Exception {
    open().close();
    try (Connection server = connect()) {
      DayPartitions.run(server, LIVING_NODE);
      var rotation = begin(() -> PostgresModule.rotateSecretKey(settings, false));
      server.commit();
      assertThatThrownBy(rotation::get).hasMessageContaining("stop them first");
    }
    open().close();
  }

  @Test
  void whereServersWorkTheSchemaStaysAsItIs() throws Exception {
    settings = new PostgresSettings(PostgresServer.emptyDatabase(), directory.resolve("test.key"));
    try (Connection earlier = connect()) {
      DayPartitions.run(earlier, "CREATE TABLE schema_needed (version text)");
      DayPartitions.run(
          earlier,
          "CREATE TABLE node (number bigint, seen_at bigint, fresh_from bigint, lost boolean)");
      DayPartitions.run(earlier, LIVING_NODE);
      earlier.commit();
    }
    assertThatThrownBy(() -> PostgresModule.offline(settings))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("stop them first");
    assertThat(count("pg_class WHERE relname = 'flyway_schema_history'")).isZero();
  }

  @Test
  void serversThatStartOnAnEmptyDatabaseAtOneTimeHaveOneKey() throws Exception {
    try (Connection first = connect()) {
      DayPartitions.run(first, PostgresGathered.LOCK_RECORDS);
      Future<OpenPostgres> one = other.submit(this::open);
      await().until(() -> one.isDone() || count("pg_locks WHERE NOT granted") > 0);
      DayPartitions.run(first, "INSERT INTO secret_key_check VALUES ('\\x0100')");
      first.commit();
      assertThatThrownBy(one::get).hasMessageContaining("is missing");
    }
    assertThat(count("secret_key_check")).isEqualTo(1);
  }
}
