package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static dev.feedbackwebhooks.proto.v1.DeliveryState.DELIVERY_STATE_DELIVERED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.testing.NameServer;
import dev.feedbackwebhooks.proto.v1.Attempt;
import dev.feedbackwebhooks.proto.v1.Delivery;
import dev.feedbackwebhooks.proto.v1.FeedbackStatus;
import dev.feedbackwebhooks.proto.v1.GetDeliveryRequest;
import dev.feedbackwebhooks.proto.v1.SendTestFeedbackRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A customer whose name leads to two hosts, one of which is down, gets all of the feedback. */
class SeveralAddressesJourneyTest {
  @TempDir Path directory;

  @Test
  void aNameWithADeadAddressLosesNoAttempt() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        // Takes connections and says nothing, which is the worst way to be down.
        ServerSocket dead =
            new ServerSocket(endpoint.port(), 500, InetAddress.ofLiteral("127.0.0.2"));
        NameServer names = NameServer.start("127.0.0.2 127.0.0.1").holdingV6();
        RunningServer server =
            RunningServer.startStrict(
                directory,
                endpoint,
                "--egress-allow=127.0.0.0/8",
                "--egress-dns=" + names.address(),
                // Whatever fails is not tried again as long as this test is patient.
                "--retry-schedule=1h",
                "--connect-timeout=5m",
                "--attempt-timeout=5m",
                "--lease=10m")) {
      Api api = new Api(server);
      WebhookConfig config = api.setUp(Api.config(endpoint.namedUrl("/")));
      Attempt test =
          api.configs
              .sendTestFeedback(
                  SendTestFeedbackRequest.newBuilder()
                      .setName(config.getName())
                      .setStatus(FeedbackStatus.FEEDBACK_STATUS_DELIVERED)
                      .build())
              .getAttempt();
      assertThat(test.getRemoteAddress()).isEqualTo("127.0.0.1:" + endpoint.port());
      List<String> published =
          IntStream.range(0, 100)
              .mapToObj(i -> api.publish(Api.event("e-" + i).build()).getFirst().getDelivery())
              .toList();
      for (String name : published) {
        await().until(() -> get(api, name).getState() == DELIVERY_STATE_DELIVERED);
        Attempt attempt = get(api, name).getAttempts(0);
        assertThat(attempt.getRemoteAddress()).isEqualTo("127.0.0.1:" + endpoint.port());
        assertThat(attempt.getFailedAddressesList())
            .allSatisfy(failed ->
                assertThat(failed.getAddress()).isEqualTo("127.0.0.2:" + dead.getLocalPort()));
      }
      assertThat(endpoint.received()).hasSize(101);
    }
  }

  private static Delivery get(Api api, String name) {
    return api.deliveries.getDelivery(GetDeliveryRequest.newBuilder().setName(name).build());
  }
}
