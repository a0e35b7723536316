package dev.feedbackwebhooks.bench;

import dev.feedbackwebhooks.proto.v1.Campaign;
import dev.feedbackwebhooks.proto.v1.CampaignServiceGrpc;
import dev.feedbackwebhooks.proto.v1.Channel;
import dev.feedbackwebhooks.proto.v1.CreateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.FailureCategory;
import dev.feedbackwebhooks.proto.v1.FeedbackEvent;
import dev.feedbackwebhooks.proto.v1.FeedbackStatus;
import dev.feedbackwebhooks.proto.v1.Identity;
import dev.feedbackwebhooks.proto.v1.IdentityList;
import dev.feedbackwebhooks.proto.v1.MessageDeliveryFeedback;
import dev.feedbackwebhooks.proto.v1.MessageExecution;
import dev.feedbackwebhooks.proto.v1.MessageFailure;
import dev.feedbackwebhooks.proto.v1.MessageType;
import dev.feedbackwebhooks.proto.v1.Sandbox;
import dev.feedbackwebhooks.proto.v1.UpdateCampaignRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import dev.feedbackwebhooks.proto.v1.WebhookConfigServiceGrpc;
import io.grpc.ManagedChannel;
import java.util.function.IntFunction;

/** Organizations with a configuration each, and events of theirs that make bodies of 700 bytes. */
record Customers(int count) {
  private static final String CAMPAIGN = "16f24a15-7e21-477c-848a-d5695ca7f137";

  /** Creates them all. */
  void create(ManagedChannel channel, IntFunction<String> url) {
    var configs = WebhookConfigServiceGrpc.newBlockingStub(channel);
    var campaigns = CampaignServiceGrpc.newBlockingStub(channel);
    for (int i = 0; i < count; i++) {
      String parent = "organizations/org-" + i + "/sandboxes/prod";
      var _ =
          configs.createWebhookConfig(
              CreateWebhookConfigRequest.newBuilder()
                  .setParent(parent)
                  .setWebhookConfig(
                      WebhookConfig.newBuilder()
                          .setDisplayName("bench")
                          .addChannels(Channel.CHANNEL_EMAIL)
                          .setUrl(url.apply(i)))
                  .build());
      var _ =
          campaigns.updateCampaign(
              UpdateCampaignRequest.newBuilder()
                  .setCampaign(
                      Campaign.newBuilder()
                          .setName(parent + "/campaigns/" + CAMPAIGN)
                          .setWebhooksEnabled(true))
                  .build());
    }
  }

  FeedbackEvent event(String run, long number) {
    return FeedbackEvent.newBuilder()
        .setEventId(run + "-" + number)
        .setRequestId(String.valueOf(number))
        .setImsOrg("org-" + number % count)
        .setSandbox(
            Sandbox.newBuilder().setId("068abf40-575e-11ea-8512-9b1bfdb82603").setName("prod"))
        .setChannel(Channel.CHANNEL_EMAIL)
        .setMessageExecution(
            MessageExecution.newBuilder()
                .setMessageExecutionId("HUMA-26362805")
                .setMessageType(MessageType.MESSAGE_TYPE_TRANSACTIONAL)
                .setCampaignId(CAMPAIGN)
                .setCampaignVersionId("2ca10c10-56dd-4505-87cd-fa5da84e7a5d"))
        .setMessageDeliveryFeedback(FEEDBACK)
        .putIdentityMap("email", RECIPIENT)
        .build();
  }

  private static final MessageDeliveryFeedback FEEDBACK =
      MessageDeliveryFeedback.newBuilder()
          .setFeedbackStatus(FeedbackStatus.FEEDBACK_STATUS_BOUNCE)
          .setRetryCount(0)
          .setMessageFailure(
              MessageFailure.newBuilder()
                  .setCategory(FailureCategory.FAILURE_CATEGORY_SYNC)
                  .setType("Ignored")
                  .setCode("25")
                  .setReason("Admin Failure: " + "x".repeat(60)))
          .build();
  private static final IdentityList RECIPIENT =
      IdentityList.newBuilder()
          .addIdentities(Identity.newBuilder().setId("john.doe@luma.com").setPrimary(true))
          .build();
}
