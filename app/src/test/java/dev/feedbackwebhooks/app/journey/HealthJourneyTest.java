package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.proto.v1.DeliveryState;
import dev.feedbackwebhooks.proto.v1.EndpointHealthState;
import dev.feedbackwebhooks.proto.v1.GetDeliveryRequest;
import dev.feedbackwebhooks.proto.v1.GetWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.ListAuditRecordsRequest;
import dev.feedbackwebhooks.proto.v1.UpdateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import dev.feedbackwebhooks.proto.v1.WebhookConfigState;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An endpoint that only fails is warned of, then given up; nothing that was meant for it is lost.
 */
class HealthJourneyTest {
  @TempDir Path directory;

  @Test
  void whatOnlyFailsIsDisabledAndGoesOnWhenItIsEnabled() throws Exception {
    String often = String.join(",", Collections.nCopies(50, "100ms"));
    CountDownLatch seen = new CountDownLatch(1);
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server =
            RunningServer.start(
                directory,
                endpoint,
                "--retry-schedule=" + often,
                "--attempt-timeout=50s",
                "--disable-after=3s",
                "--disable-spread=500ms")) {
      Api api = new Api(server);
      // Given up is only who fails again: the next failure waits until the warning was seen.
      endpoint.answers(post -> post.attempt() > 15 ? Patience.until(seen, 500) : 500);
      assertThat(api.setUp(Api.config(endpoint.url("/"))).getHealth().getState())
          .isEqualTo(EndpointHealthState.ENDPOINT_HEALTH_STATE_HEALTHY);
      String delivery = api.publish(Api.event("e-1").build()).getFirst().getDelivery();

      awaitHealth(api, EndpointHealthState.ENDPOINT_HEALTH_STATE_DEGRADED);
      assertThat(config(api).getHealth().getFailureCount()).isGreaterThanOrEqualTo(10);
      assertThat(config(api).getHealth().hasDisableTime()).isTrue();
      assertThat(config(api).getEnabled()).isTrue();
      seen.countDown();
      awaitHealth(api, EndpointHealthState.ENDPOINT_HEALTH_STATE_DISABLED_BY_FAILURE);
      WebhookConfig disabled = config(api);
      assertThat(disabled.getState())
          .isEqualTo(WebhookConfigState.WEBHOOK_CONFIG_STATE_DISABLED_BY_FAILURE);
      assertThat(disabled.getStateReason()).contains("accepted nothing", "SendTestFeedback");
      awaitState(api, delivery, DeliveryState.DELIVERY_STATE_HELD);
      assertThat(server.log()).contains("the endpoint only fails", "accepted nothing for too long");
      assertThat(
              api.audit
                  .listAuditRecords(
                      ListAuditRecordsRequest.newBuilder().setParent(Api.PARENT).build())
                  .getAuditRecords(0)
                  .toString())
          .contains("AUDIT_ACTION_DISABLE_CONFIG", "DISABLED_BY_FAILURE");

      endpoint.answers(204);
      WebhookConfig enabled =
          api.configs.updateWebhookConfig(
              UpdateWebhookConfigRequest.newBuilder()
                  .setWebhookConfig(WebhookConfig.newBuilder().setName(Api.CONFIG).setEnabled(true))
                  .build());
      assertThat(enabled.getHealth())
          .isEqualTo(
              dev.feedbackwebhooks.proto.v1.EndpointHealth.newBuilder()
                  .setState(EndpointHealthState.ENDPOINT_HEALTH_STATE_HEALTHY)
                  .build());
      awaitState(api, delivery, DeliveryState.DELIVERY_STATE_DELIVERED);
    }
  }

  private static WebhookConfig config(Api api) {
    return api.configs.getWebhookConfig(
        GetWebhookConfigRequest.newBuilder().setName(Api.CONFIG).build());
  }

  @Test
  void whatFailedIsKnownAfterAStop() throws Exception {
    String often = "--retry-schedule=" + String.join(",", Collections.nCopies(29, "10ms"));
    try (Endpoint endpoint = Endpoint.start(directory)) {
      endpoint.answers(503);
      try (RunningServer server = RunningServer.start(directory, endpoint, often)) {
        Api api = new Api(server);
        var _ = api.setUp(Api.config(endpoint.url("/")));
        for (int i = 0; i < 20; i++) {
          assertThat(api.publish(Api.event("e-" + i).build())).hasSize(1);
        }
        await().until(() -> config(api).getHealth().getFailureCount() == 600);
        server.terminate();
        assertThat(server.exitStatus()).isZero();
      }
      try (RunningServer server = RunningServer.start(directory, endpoint, often)) {
        assertThat(config(new Api(server)).getHealth().getFailureCount()).isEqualTo(600);
        assertThat(config(new Api(server)).getHealth().getLastFailure()).isEqualTo("HTTP 503");
      }
    }
  }

  private static void awaitHealth(Api api, EndpointHealthState state) {
    await().until(() -> config(api).getHealth().getState() == state);
  }

  private static void awaitState(Api api, String delivery, DeliveryState state) {
    await()
        .until(() ->
            api.deliveries
                    .getDelivery(GetDeliveryRequest.newBuilder().setName(delivery).build())
                    .getState()
                == state);
  }
}
