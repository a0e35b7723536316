package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
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
    @Override
    String[] settings(String... settings) {
      return onPostgres(settings);
    }
  }

  @Nested
  class Replays extends ReplayJourneyTest {
    @Override
    String[] settings(String... settings) {
      return onPostgres(shortLease(settings));
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
