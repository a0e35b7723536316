package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.proto.v1.Campaign;
import dev.feedbackwebhooks.proto.v1.FeedbackResult;
import dev.feedbackwebhooks.proto.v1.Outcome;
import dev.feedbackwebhooks.proto.v1.SkipReason;
import dev.feedbackwebhooks.proto.v1.UpdateCampaignRequest;
import dev.feedbackwebhooks.proto.v1.UpdateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is changed through one node is soon so at the others, which remember what was before. */
class NodesFollowJourneyTest {
  @TempDir Path directory;

  private final AtomicInteger events = new AtomicInteger();

  @Test
  void aNodeFollowsWhatIsChangedThroughAnother() throws Exception {
    String database = "--database=" + Postgres.database();
    String key = "--secret-key-file=" + directory.resolve("secret.key");
    Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer one = RunningServer.start(directory, endpoint, database, key);
        RunningServer other = RunningServer.start(elsewhere, endpoint, database, key)) {
      Api there = new Api(one);
      Api here = new Api(other);
      awaitSkipped(here, SkipReason.SKIP_REASON_NO_CONFIG);
      WebhookConfig created = there.create(Api.config(endpoint.url("/first")).build());
      awaitSkipped(here, SkipReason.SKIP_REASON_CAMPAIGN_NOT_ENABLED);
      there.enableCampaign();
      await().until(() -> publish(here).getOutcome() == Outcome.OUTCOME_ACCEPTED);

      update(there, WebhookConfig.newBuilder().setEnabled(false));
      awaitSkipped(here, SkipReason.SKIP_REASON_CONFIG_DISABLED);
      update(there, WebhookConfig.newBuilder().setEnabled(true).setUrl(endpoint.url("/second")));
      await()
          .until(() -> {
            var _ = publish(here);
            return endpoint.received().stream().anyMatch(sent -> sent.path().equals("/second"));
          });

      var _ =
          there.campaigns.updateCampaign(
              UpdateCampaignRequest.newBuilder()
                  .setCampaign(Campaign.newBuilder().setName(Api.CAMPAIGN))
                  .build());
      awaitSkipped(here, SkipReason.SKIP_REASON_CAMPAIGN_NOT_ENABLED);
      assertThat(created.getName()).isEqualTo(Api.CONFIG);
      assertThat(one.log() + other.log()).doesNotContain("ERROR", "WARN");
    }
  }

  private static void update(Api api, WebhookConfig.Builder config) {
    var _ =
        api.configs.updateWebhookConfig(
            UpdateWebhookConfigRequest.newBuilder()
                .setWebhookConfig(config.setName(Api.CONFIG))
                .build());
  }

  private void awaitSkipped(Api api, SkipReason reason) {
    await().until(() -> publish(api).getSkipReason() == reason);
  }

  private FeedbackResult publish(Api api) {
    return api.publish(Api.event("e-" + events.incrementAndGet()).build()).getFirst();
  }
}
