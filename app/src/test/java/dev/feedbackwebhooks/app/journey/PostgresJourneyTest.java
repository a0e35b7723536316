package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.proto.v1.GetDeliveryStatsRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Journeys on PostgreSQL: who takes them cannot tell. */
@NullUnmarked
class PostgresJourneyTest {
  @TempDir Path keys;
  private String database;

  @BeforeEach
  void create() {
    database = Postgres.database();
  }

  private String[] onPostgres(String... settings) {
    return onPostgres(database, keys, settings);
  }

  private static String[] onPostgres(String database, Path keys, String... settings) {
    return Stream.concat(
            Stream.of("--database=" + database, "--secret-key-file=" + keys.resolve("secret.key")),
            Stream.of(settings))
        .toArray(String[]::new);
  }

  @Test
  void nothingAcknowledgedIsLostWhileTheDatabaseComesAndGoes() throws Exception {
    try (Endpoint endpoint = Endpoint.start(keys);
        RunningServer server = RunningServer.start(keys, endpoint, onPostgres())) {
      Api api = new Api(server);
      var _ = api.setUp(Api.config(endpoint.url("/")));
      Publisher publisher = Publisher.start(api, "e");
      for (int round = 0; round < 3; round++) {
        publisher.awaitAcknowledged();
        Postgres.reachable(database, false);
        publisher.awaitRefused();
        Postgres.reachable(database, true);
      }
      publisher.awaitAcknowledged();
      publisher.stop();
      assertThat(publisher.refused()).containsOnly("UNAVAILABLE");
      await().until(() -> sent(endpoint).containsAll(publisher.acknowledged()));
      assertThat(server.log()).contains("the store cannot write", "the store can write again");
    }
  }

  /** What has ten minutes left by its lease goes out as soon as the next server is there. */
  @Test
  void whatAKilledServerHadUnderWayGoesOutWhenItStartsAgain() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    try (Endpoint endpoint = Endpoint.start(keys)) {
      endpoint.answers(_ -> Patience.until(held, 204));
      try (RunningServer server = RunningServer.start(keys, endpoint, onPostgres("--lease=10m"))) {
        Api api = new Api(server);
        var _ = api.setUp(Api.config(endpoint.url("/")));
        for (int i = 0; i < 20; i++) {
          assertThat(api.publish(Api.event("e-" + i).build())).hasSize(1);
        }
        await().until(() -> !endpoint.received().isEmpty());
        server.kill();
      }
      held.countDown();
      try (RunningServer server = RunningServer.start(keys, endpoint, onPostgres("--lease=10m"))) {
        Api api = new Api(server);
        await().until(() -> delivered(api) == 20);
        assertThat(server.log()).contains("what ran here before left deliveries under way");
      }
    }
  }

  private static long delivered(Api api) {
    return api.deliveries
        .getDeliveryStats(
            GetDeliveryStatsRequest.newBuilder().setName(Api.PARENT + "/deliveryStats").build())
        .getDelivered();
  }

  /** One line and status 1, whatever the command. */
  @Test
  void aDatabaseThatCannotHoldEveryTextIsRefused() throws Exception {
    String latin = Postgres.database("ENCODING 'LATIN1' TEMPLATE template0");
    String key = "--secret-key-file=" + keys.resolve("secret.key");
    for (String command : List.of("serve", "rotate-secret-key")) {
      assertRefused(RunningServer.offline(command, List.of("--database=" + latin, key)));
    }
    try (Endpoint endpoint = Endpoint.start(keys)) {
      RunningServer.start(keys, endpoint).close();
    }
    assertRefused(
        RunningServer.offline(
            "migrate", List.of("--from=sqlite:" + keys.resolve("feedback.db"), "--to=" + latin)));
  }

  private static void assertRefused(String said) {
    assertThat(said)
        .startsWith("1 feedback-webhooks: the database postgresql://")
        .contains("LATIN1", "UTF8 is needed", "createdb --encoding=UTF8")
        .hasLineCount(1);
  }

  /** What was set for all who use the database changes nothing of what we do. */
  @Test
  void settingsOfTheDatabaseChangeNothing() throws Exception {
    Postgres.set(database, "default_transaction_isolation = 'serializable'");
    Postgres.set(database, "default_transaction_read_only = on");
    Postgres.set(database, "search_path = nowhere");
    Postgres.set(database, "idle_session_timeout = '1s'");
    Postgres.set(database, "synchronous_commit = off");
    try (Endpoint endpoint = Endpoint.start(keys);
        RunningServer server = RunningServer.start(keys, endpoint, onPostgres())) {
      Api api = new Api(server);
      var _ = api.setUp(Api.config(endpoint.url("/")));
      assertThat(api.publish(Api.event("e-1").build())).hasSize(1);
      await().until(() -> delivered(api) == 1);
      assertThat(server.log()).doesNotContain("WARN", "ERROR");
    }
  }

  private static Set<String> sent(Endpoint endpoint) {
    return endpoint.received().stream()
        .map(Endpoint.Received::webhookId)
        .collect(Collectors.toSet());
  }

  /** What was claimed by a process that was killed waits for the end of its lease. */
  private static String[] shortLease(String... settings) {
    return Stream.concat(Stream.of(settings), Stream.of("--lease=16s", "--attempt-timeout=10s"))
        .toArray(String[]::new);
  }

  @Nested
  class Deliveries extends DeliveryJourneyTest {
    private final String database = Postgres.database();

    @Override
    String[] settings(String... settings) {
      return onPostgres(database, directory, settings);
    }
  }

  @Nested
  class Replays extends ReplayJourneyTest {
    private final String database = Postgres.database();

    @Override
    String[] settings(String... settings) {
      return onPostgres(database, directory, shortLease(settings));
    }
  }

  @Nested
  class Crashes extends CrashJourneyTest {
    @Override
    String[] settings(String... settings) {
      return onPostgres(shortLease(settings));
    }
  }
}
