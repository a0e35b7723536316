package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import dev.feedbackwebhooks.proto.v1.DeliveryStats;
import dev.feedbackwebhooks.proto.v1.FeedbackEvent;
import dev.feedbackwebhooks.proto.v1.GetDeliveryStatsRequest;
import dev.feedbackwebhooks.proto.v1.UpdateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What became of everything adds up, also over a restart. */
class StatsJourneyTest {
  private static final String NAME = Api.PARENT + "/deliveryStats";

  @TempDir Path directory;

  @Test
  void acceptedIsTheSumOfWhatBecameOfIt() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory)) {
      DeliveryStats before;
      try (RunningServer server =
          RunningServer.start(directory, endpoint, "--retry-schedule=10ms,1h")) {
        Api api = new Api(server);
        assertThat(stats(api)).isEqualTo(DeliveryStats.newBuilder().setName(NAME).build());
        var _ = api.setUp(Api.config(endpoint.url("/")));
        publish(api, "delivered", 20);
        await().until(() -> stats(api).getDelivered() == 20);
        assertThat(stats(api).getLatencyList())
            .hasSize(5)
            .allSatisfy(latency ->
                assertThat(Durations.toSeconds(latency.getDuration()))
                    .isLessThan(2 * Patience.LIMIT.toSeconds()));
        endpoint.answers(500);
        publish(api, "waiting", 3);
        await().until(() -> endpoint.received().size() == 26);
        publish(api, "delivered", 20);
        await().until(() -> stats(api).hasEarliestDueTime());
        assertThat(stats(api).getWaiting()).isEqualTo(3);
        disable(api);
        await().until(() -> stats(api).getHeld() == 3);
        before = stats(api);
        assertAddsUp(before, 23);
      }
      try (RunningServer server = RunningServer.start(directory, endpoint)) {
        Api api = new Api(server);
        assertThat(stats(api)).isEqualTo(before);
        assertThat(
                Refusal.of(() ->
                        api.deliveries.getDeliveryStats(
                            GetDeliveryStatsRequest.newBuilder().setName(Api.PARENT).build()))
                    .code())
            .isEqualTo(Status.Code.INVALID_ARGUMENT);
      }
    }
  }

  private static void assertAddsUp(DeliveryStats stats, long accepted) {
    assertThat(stats.getAccepted()).isEqualTo(accepted);
    assertThat(
            stats.getWaiting()
                + stats.getHeld()
                + stats.getDelivered()
                + stats.getExhausted()
                + stats.getRefused()
                + stats.getCancelled())
        .isEqualTo(accepted);
  }

  private static DeliveryStats stats(Api api) {
    return api.deliveries.getDeliveryStats(
        GetDeliveryStatsRequest.newBuilder().setName(NAME).build());
  }

  private static void publish(Api api, String prefix, int count) {
    var _ =
        api.publish(
            IntStream.range(0, count)
                .mapToObj(i -> Api.event(prefix + i).build())
                .toArray(FeedbackEvent[]::new));
  }

  private static void disable(Api api) {
    var _ =
        api.configs.updateWebhookConfig(
            UpdateWebhookConfigRequest.newBuilder()
                .setWebhookConfig(WebhookConfig.newBuilder().setName(Api.CONFIG).setEnabled(false))
                .build());
  }
}
