package dev.feedbackwebhooks.app.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
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
      Publisher publisher = new Publisher(api);
      Thread publishing = Thread.ofVirtual().start(publisher);
      for (int round = 0; round < 3; round++) {
        publisher.awaitMore(publisher.acknowledged);
        Postgres.reachable(database, false);
        publisher.awaitMore(publisher.refused);
        Postgres.reachable(database, true);
      }
      publisher.awaitMore(publisher.acknowledged);
      publisher.over = true;
      publishing.join();
      assertThat(publisher.refused).containsOnly("UNAVAILABLE");
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> sent(endpoint).containsAll(publisher.acknowledged));
      assertThat(server.log()).contains("the store cannot write", "the store can write again");
    }
  }

  private static Set<String> sent(Endpoint endpoint) {
    return endpoint.received().stream()
        .map(Endpoint.Received::webhookId)
        .collect(Collectors.toSet());
  }

  /** Publishes events one after the other, whatever becomes of them. */
  private static final class Publisher implements Runnable {
    private static final int MORE = 5;

    private final Api api;
    private final List<String> acknowledged = new CopyOnWriteArrayList<>();
    private final List<String> refused = new CopyOnWriteArrayList<>();
    private volatile boolean over;

    Publisher(Api api) {
      this.api = api;
    }

    @Override
    public void run() {
      for (int i = 0; !over; i++) {
        try {
          String name = api.publish(Api.event("e-" + i).build()).getFirst().getDelivery();
          acknowledged.add(name.substring(name.lastIndexOf('/') + 1));
        } catch (StatusRuntimeException e) {
          refused.add(e.getStatus().getCode().name());
        }
      }
    }

    private void awaitMore(List<String> answers) {
      int before = answers.size();
      await().atMost(Duration.ofSeconds(30)).until(() -> answers.size() > before + MORE);
    }
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
      return onPostgres(settings);
    }
  }

  @Nested
  class Crashes extends CrashJourneyTest {
    @Override
    String[] settings(String... settings) {
      // What was claimed by a process that was killed waits for the end of its lease.
      return onPostgres(
          Stream.concat(Stream.of(settings), Stream.of("--lease=10s", "--attempt-timeout=4s"))
              .toArray(String[]::new));
    }
  }
}
