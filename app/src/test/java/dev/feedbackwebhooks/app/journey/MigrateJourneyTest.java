package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.proto.v1.Delivery;
import dev.feedbackwebhooks.proto.v1.DeliveryState;
import dev.feedbackwebhooks.proto.v1.GetDeliveryRequest;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that outgrew its file goes on at a PostgreSQL. */
@NullUnmarked
class MigrateJourneyTest {
  @TempDir Path directory;
  private String database;

  @BeforeEach
  void create() {
    database = Postgres.database();
  }

  @Test
  void whatWasAcceptedOnSqliteIsKnownAndDeliveredOnPostgres() throws Exception {
    String delivered;
    String waiting;
    Delivery before;
    try (Endpoint endpoint = Endpoint.start(directory)) {
      try (RunningServer server = RunningServer.start(directory, endpoint, Patience.retries())) {
        Api api = new Api(server);
        var _ = api.setUp(Api.config(endpoint.url("/hook")));
        delivered = publish(api, "e-done");
        awaitDelivered(api, delivered);
        before = read(api, delivered);
        endpoint.answers(503);
        waiting = publish(api, "e-waits");
        await().until(() -> read(api, waiting).getAttemptCount() >= 1);
        assertThat(migrate()).startsWith("1 ").contains("in use", "stop that one");
      }
      assertThat(migrate())
          .startsWith("0 ")
          .contains("all is equal")
          .containsPattern("delivery +2 .* 2 .* equal")
          .doesNotContain("DIFFERENT");
      assertThat(migrate()).startsWith("1 ").contains("start servers on it");

      endpoint.answers(204);
      try (RunningServer server = onPostgres(endpoint)) {
        Api api = new Api(server);
        assertThat(read(api, delivered)).isEqualTo(before);
        assertThat(publish(api, "e-waits")).as("known to be a duplicate").isEqualTo(waiting);
        assertThat(publish(api, "e-done")).isEqualTo(delivered);
        awaitDelivered(api, waiting);
        assertThat(rotate()).startsWith("1 ").contains("stop");
      }
      // It was killed, which is known a while later.
      await()
          .untilAsserted(() ->
              assertThat(rotate())
                  .startsWith("0 rotated")
                  .contains("secrets of 1 configurations encrypted anew, 1 old keys removed"));
      try (RunningServer server = onPostgres(endpoint)) {
        Api api = new Api(server);
        awaitDelivered(api, publish(api, "e-after"));
      }
    }
  }

  private RunningServer onPostgres(Endpoint endpoint) {
    return RunningServer.start(
        directory,
        endpoint,
        "--database=" + database,
        "--secret-key-file=" + keyFile(),
        Patience.retries());
  }

  private Path keyFile() {
    return directory.resolve("feedback.db.key");
  }

  private String migrate() throws Exception {
    return RunningServer.offline(
        "migrate",
        List.of("--from=sqlite:" + directory.resolve("feedback.db"), "--to=" + database));
  }

  private String rotate() throws Exception {
    return RunningServer.offline(
        "rotate-secret-key", List.of("--database=" + database, "--secret-key-file=" + keyFile()));
  }

  private static String publish(Api api, String event) {
    return api.publish(Api.event(event).build()).getFirst().getDelivery();
  }

  private static void awaitDelivered(Api api, String name) {
    await().until(() -> read(api, name).getState() == DeliveryState.DELIVERY_STATE_DELIVERED);
  }

  private static Delivery read(Api api, String name) {
    return api.deliveries.getDelivery(GetDeliveryRequest.newBuilder().setName(name).build());
  }
}
