package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.proto.v1.Delivery;
import dev.feedbackwebhooks.proto.v1.DeliveryState;
import dev.feedbackwebhooks.proto.v1.GetDeliveryRequest;
import dev.feedbackwebhooks.proto.v1.Outcome;
import dev.feedbackwebhooks.proto.v1.RetryDeliveryRequest;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is over goes once it was kept for long enough. */
@NullUnmarked
class RetentionJourneyTest {
  @TempDir Path directory;
  private Endpoint endpoint;

  @BeforeEach
  void open() throws Exception {
    endpoint = Endpoint.start(directory);
  }

  @AfterEach
  void close() {
    endpoint.close();
  }

  @Test
  void deliveredOnesGoAfterAWeekOthersAfterAMonthAndWhatWaitsStays() throws Exception {
    String delivered;
    String exhausted;
    String waiting;
    try (RunningServer server = start()) {
      Api api = new Api(server);
      var _ = api.setUp(Api.config(endpoint.url("/")));
      delivered = publish(api, "e-1");
      await().until(() -> state(api, delivered) == DeliveryState.DELIVERY_STATE_DELIVERED);
      endpoint.answers(404);
      exhausted = publish(api, "e-2");
      await().until(() -> state(api, exhausted) == DeliveryState.DELIVERY_STATE_EXHAUSTED);
      endpoint.answers(503);
      waiting = publish(api, "e-3");
      await().until(() -> attempts(api, waiting) == 3);
      assertThat(state(api, waiting)).isEqualTo(DeliveryState.DELIVERY_STATE_WAITING);
    }
    becomeOlder(Duration.ofDays(8));
    endpoint.answers(200);
    try (RunningServer server = start("--retention-bodies=1d")) {
      Api api = new Api(server);
      await().until(() -> isGone(api, older(delivered)));
      assertThat(api.publish(Api.event("e-1").build()).getFirst().getOutcome())
          .isEqualTo(Outcome.OUTCOME_ACCEPTED);
      assertThat(api.publish(Api.event("e-2").build()).getFirst().getOutcome())
          .isEqualTo(Outcome.OUTCOME_DUPLICATE);
      await()
          .untilAsserted(() ->
              assertThat(Refusal.of(() -> retry(api, older(exhausted))).status().getMessage())
                  .contains("has no body any more"));
      assertThat(state(api, older(waiting))).isEqualTo(DeliveryState.DELIVERY_STATE_WAITING);
    }
  }

  @Test
  void recordsCannotBeKeptForLessTimeThanDuplicatesAreKnown() throws Exception {
    assertThat(RunningServer.refusedStart(directory, endpoint, "--retention-delivered=6d"))
        .startsWith("2 ")
        .contains("--retention-delivered: must be 7d to")
        .contains("--retention-bodies");
  }

  private RunningServer start(String... more) {
    List<String> settings = new ArrayList<>(List.of(more));
    settings.add("--retry-schedule=10ms,10ms,1h,1h");
    return RunningServer.start(directory, endpoint, settings.toArray(String[]::new));
  }

  /** Moves all of the stopped server's deliveries into the past; their ids tell their time. */
  private void becomeOlder(Duration by) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("feedback.db"));
        Statement statement = connection.createStatement()) {
      long ids = by.toMillis() << 21;
      for (String table : new String[] {"payload", "attempt"}) {
        statement.executeUpdate("UPDATE " + table + " SET delivery_id = delivery_id - " + ids);
      }
      statement.executeUpdate(
          "UPDATE delivery SET id = id - "
              + ids
              + ", update_time = update_time - "
              + by.toMillis());
    }
  }

  private static String older(String name) {
    int slash = name.lastIndexOf('/') + 1;
    long id = Long.parseLong(name.substring(slash), 32) - (Duration.ofDays(8).toMillis() << 21);
    String digits = Long.toString(id, 32);
    return name.substring(0, slash) + "0".repeat(13 - digits.length()) + digits;
  }

  private static String publish(Api api, String eventId) {
    return api.publish(Api.event(eventId).build()).getFirst().getDelivery();
  }

  private static DeliveryState state(Api api, String name) {
    return api.deliveries
        .getDelivery(GetDeliveryRequest.newBuilder().setName(name).build())
        .getState();
  }

  private static int attempts(Api api, String name) {
    return api.deliveries
        .getDelivery(GetDeliveryRequest.newBuilder().setName(name).build())
        .getAttemptCount();
  }

  private static boolean isGone(Api api, String name) {
    try {
      var _ = state(api, name);
      return false;
    } catch (RuntimeException e) {
      return Refusal.of(() -> state(api, name)).reason().equals("DELIVERY_NOT_FOUND");
    }
  }

  private static Delivery retry(Api api, String name) {
    return api.deliveries.retryDelivery(RetryDeliveryRequest.newBuilder().setName(name).build());
  }
}
