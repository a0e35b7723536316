package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.proto.v1.Campaign;
import dev.feedbackwebhooks.proto.v1.Channel;
import dev.feedbackwebhooks.proto.v1.DeliveryState;
import dev.feedbackwebhooks.proto.v1.FeedbackEvent;
import dev.feedbackwebhooks.proto.v1.FeedbackResult;
import dev.feedbackwebhooks.proto.v1.GetDeliveryRequest;
import dev.feedbackwebhooks.proto.v1.Outcome;
import dev.feedbackwebhooks.proto.v1.SkipReason;
import dev.feedbackwebhooks.proto.v1.UpdateCampaignRequest;
import dev.feedbackwebhooks.proto.v1.UpdateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody is told that an event is not stored which is delivered later. */
class KnownEventJourneyTest {
  @TempDir Path directory;

  @Test
  void aStoredEventIsADuplicateWhateverIsSwitchedOff() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint, settings())) {
      Api api = new Api(server);
      aStoredEventIsADuplicate(endpoint, api, api);
    }
  }

  @Test
  void aStoredEventIsADuplicateAtEveryNode() throws Exception {
    String[] settings =
        settings(
            "--database=" + Postgres.database(),
            "--secret-key-file=" + directory.resolve("secret.key"));
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer one = RunningServer.start(directory, endpoint, settings);
        RunningServer other = RunningServer.start(elsewhere, endpoint, settings)) {
      aStoredEventIsADuplicate(endpoint, new Api(one), new Api(other));
    }
  }

  /** An attempt may wait for as long as the test takes. */
  private static String[] settings(String... others) {
    return Stream.concat(
            Stream.of("--retry-schedule=200ms", "--attempt-timeout=10m", "--lease=11m"),
            Stream.of(others))
        .toArray(String[]::new);
  }

  /** Events come in at one server; all is changed through the other, and asked at both. */
  private static void aStoredEventIsADuplicate(Endpoint endpoint, Api one, Api other) {
    CountDownLatch told = new CountDownLatch(1);
    endpoint.answers(post -> post.attempt() == 1 ? 503 : Patience.until(told, 204));
    var _ = one.setUp(Api.config(endpoint.url("/")));
    FeedbackResult accepted = one.publish(Api.event("stored").build()).getFirst();
    assertThat(accepted.getOutcome()).isEqualTo(Outcome.OUTCOME_ACCEPTED);

    update(other, WebhookConfig.newBuilder().setEnabled(false));
    assertDuplicate(accepted, SkipReason.SKIP_REASON_CONFIG_DISABLED, one, other);
    update(other, WebhookConfig.newBuilder().addChannels(Channel.CHANNEL_SMS).setEnabled(true));
    assertDuplicate(accepted, SkipReason.SKIP_REASON_CHANNEL_NOT_SELECTED, one, other);
    update(other, WebhookConfig.newBuilder().addChannels(Channel.CHANNEL_EMAIL));
    campaign(other, false);
    assertDuplicate(accepted, SkipReason.SKIP_REASON_CAMPAIGN_NOT_ENABLED, one, other);
    assertThat(one.publish(Api.event("stored").clearRequestId().build()).getFirst().getOutcome())
        .as("the first one stands, though the second breaks a rule")
        .isEqualTo(Outcome.OUTCOME_DUPLICATE);
    campaign(other, true);
    told.countDown();
    GetDeliveryRequest request =
        GetDeliveryRequest.newBuilder().setName(accepted.getDelivery()).build();
    await()
        .until(() ->
            one.deliveries.getDelivery(request).getState()
                == DeliveryState.DELIVERY_STATE_DELIVERED);
  }

  /**
   * What the servers say of a stored event and of an unknown one. That they have heard of the last
   * change is seen by the unknown one.
   */
  private static void assertDuplicate(FeedbackResult stored, SkipReason unknown, Api... servers) {
    for (Api api : servers) {
      // Each probe has an id of its own: one that is stored before the change is known here stays
      // known.
      AtomicInteger probes = new AtomicInteger();
      await()
          .until(() -> {
            FeedbackEvent probe =
                Api.event("probe-" + unknown + "-" + probes.incrementAndGet()).build();
            return api.publish(probe).getFirst().getSkipReason() == unknown;
          });
      List<FeedbackResult> results =
          api.publish(
              Api.event("never").build(), Api.event("stored").build(), Api.event("no").build());
      assertThat(results)
          .extracting(FeedbackResult::getOutcome)
          .containsExactly(
              Outcome.OUTCOME_SKIPPED, Outcome.OUTCOME_DUPLICATE, Outcome.OUTCOME_SKIPPED);
      assertThat(results.get(1).getDelivery()).isEqualTo(stored.getDelivery());
      assertThat(results.get(1).getSkipReason()).isEqualTo(SkipReason.SKIP_REASON_UNSPECIFIED);
    }
  }

  private static void update(Api api, WebhookConfig.Builder config) {
    config.setName(Api.CONFIG);
    var _ =
        api.configs.updateWebhookConfig(
            UpdateWebhookConfigRequest.newBuilder().setWebhookConfig(config).build());
  }

  private static void campaign(Api api, boolean enabled) {
    var _ =
        api.campaigns.updateCampaign(
            UpdateCampaignRequest.newBuilder()
                .setCampaign(
                    Campaign.newBuilder().setName(Api.CAMPAIGN).setWebhooksEnabled(enabled))
                .build());
  }
}
