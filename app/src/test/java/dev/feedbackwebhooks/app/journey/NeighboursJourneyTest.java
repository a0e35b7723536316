package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.HostileEndpoint.bytes;
import static dev.feedbackwebhooks.app.journey.HostileEndpoint.forever;
import static dev.feedbackwebhooks.app.journey.Patience.await;
import static dev.feedbackwebhooks.proto.v1.AttemptFailure.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.proto.v1.Attempt;
import dev.feedbackwebhooks.proto.v1.AttemptFailure;
import dev.feedbackwebhooks.proto.v1.Campaign;
import dev.feedbackwebhooks.proto.v1.CreateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.FeedbackEvent;
import dev.feedbackwebhooks.proto.v1.FeedbackResult;
import dev.feedbackwebhooks.proto.v1.GetDeliveryRequest;
import dev.feedbackwebhooks.proto.v1.UpdateCampaignRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many endpoints misbehave at the same time, and one is well. */
class NeighboursJourneyTest {
  private static final int EVENTS = 200;
  private static final int EVENTS_OF_A_HOSTILE_ONE = 20;
  private static final String OK = "HTTP/1.1 200 OK\r\n";

  /** HTTP/2's SETTINGS, empty. */
  private static final String SETTINGS = "\0\0\0\4\0\0\0\0\0";

  private static final String PING = "\0\0\10\6\0\0\0\0\0" + "p".repeat(8);

  @TempDir Path directory;

  /** What the endpoint of an organization does, and what comes of an attempt. */
  private record Hostile(HostileEndpoint endpoint, Set<AttemptFailure> expected) {}

  private static Map<String, Hostile> hostile(Endpoint healthy) throws Exception {
    Map<String, Hostile> all = new LinkedHashMap<>();
    String http1 = "http/1.1";
    String h2 = "h2";
    all.put(
        "never-answers",
        new Hostile(healthy.hostile(http1, _ -> {}), Set.of(ATTEMPT_FAILURE_TIMEOUT)));
    all.put(
        "drips-headers",
        new Hostile(
            healthy.hostile(http1, forever(bytes(OK), bytes("a: b\r\n"), 100)),
            Set.of(ATTEMPT_FAILURE_TIMEOUT)));
    all.put(
        "endless-header",
        new Hostile(
            healthy.hostile(http1, forever(bytes(OK + "a: "), bytes("b".repeat(9_000)), 0)),
            Set.of(ATTEMPT_FAILURE_MALFORMED_RESPONSE, ATTEMPT_FAILURE_TIMEOUT)));
    all.put(
        "endless-body",
        new Hostile(
            healthy.hostile(http1, forever(bytes(OK + "\r\n"), bytes("b".repeat(9_000)), 0)),
            Set.of(ATTEMPT_FAILURE_UNSPECIFIED, ATTEMPT_FAILURE_TIMEOUT)));
    all.put(
        "resets",
        new Hostile(
            healthy.hostile(
                http1,
                connection -> {
                  connection.setSoLinger(true, 0);
                  connection.close();
                }),
            Set.of(ATTEMPT_FAILURE_CONNECTION_CLOSED, ATTEMPT_FAILURE_CONNECTION_RESET)));
    all.put(
        "garbage",
        new Hostile(
            healthy.hostile(http1, forever(new byte[0], bytes("garbage\r\n\r\n"), 10)),
            Set.of(ATTEMPT_FAILURE_MALFORMED_RESPONSE)));
    all.put(
        "settings-flood",
        new Hostile(
            healthy.hostile(h2, forever(bytes(SETTINGS), bytes(SETTINGS.repeat(1_000)), 0)),
            Set.of(ATTEMPT_FAILURE_HTTP2_ERROR, ATTEMPT_FAILURE_TIMEOUT)));
    all.put(
        "ping-flood",
        new Hostile(
            healthy.hostile(h2, forever(bytes(SETTINGS), bytes(PING.repeat(1_000)), 0)),
            Set.of(ATTEMPT_FAILURE_HTTP2_ERROR, ATTEMPT_FAILURE_TIMEOUT)));
    return all;
  }

  @Test
  void areUnharmedByEndpointsOfEveryHostileKindAndNoConnectionStaysOpen() throws Exception {
    try (Endpoint healthy = Endpoint.start(directory);
        RunningServer server =
            RunningServer.start(
                directory,
                healthy,
                // No shorter than usual: where it is not the outcome, it must be long enough.
                "--attempt-timeout=15s",
                "--connect-timeout=15s",
                "--retry-schedule=1h")) {
      Api api = new Api(server);
      Map<String, Hostile> hostile = hostile(healthy);
      setUp(api, "healthy", healthy.url("/"));
      hostile.forEach((name, each) -> setUp(api, name, each.endpoint().url()));

      Map<String, String> deliveries = new LinkedHashMap<>();
      for (String name : hostile.keySet()) {
        deliveries.put(name, publish(api, name, EVENTS_OF_A_HOSTILE_ONE));
      }
      await()
          .until(
              () -> hostile.values().stream().allMatch(each -> each.endpoint().connections() > 0));
      var _ = publish(api, "healthy", EVENTS);
      await()
          .untilAsserted(() ->
              assertThat(healthy.received())
                  .extracting(Endpoint.Received::webhookId)
                  .hasSize(EVENTS)
                  .doesNotHaveDuplicates());

      hostile.forEach((name, each) ->
          assertThat(attempt(api, Objects.requireNonNull(deliveries.get(name))).getFailure())
              .as(name)
              .isIn(each.expected()));
      await()
          .untilAsserted(() ->
              assertThat(hostile.values())
                  .extracting(each -> each.endpoint().open())
                  .containsOnly(0));
      for (Hostile each : hostile.values()) {
        each.endpoint().close();
      }
      assertThat(server.log()).doesNotContain("OutOfMemory", "\"level\":\"ERROR\"");
    }
  }

  private static void setUp(Api api, String organization, String url) {
    String parent = "organizations/" + organization + "/sandboxes/prod";
    var _ =
        api.configs.createWebhookConfig(
            CreateWebhookConfigRequest.newBuilder()
                .setParent(parent)
                .setWebhookConfig(Api.config(url))
                .build());
    var _ =
        api.campaigns.updateCampaign(
            UpdateCampaignRequest.newBuilder()
                .setCampaign(
                    Campaign.newBuilder()
                        .setName(Api.CAMPAIGN.replace(Api.PARENT, parent))
                        .setWebhooksEnabled(true))
                .build());
  }

  /** Answers the name of the first one's delivery. */
  private static String publish(Api api, String organization, int count) {
    List<FeedbackEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(Api.event(organization + i).setImsOrg(organization).build());
    }
    List<FeedbackResult> results = api.publish(events.toArray(FeedbackEvent[]::new));
    return results.getFirst().getDelivery();
  }

  /** The first one, once it is over. */
  private static Attempt attempt(Api api, String delivery) {
    GetDeliveryRequest request = GetDeliveryRequest.newBuilder().setName(delivery).build();
    await().until(() -> api.deliveries.getDelivery(request).getAttemptsCount() > 0);
    return api.deliveries.getDelivery(request).getAttempts(0);
  }
}
