package dev.feedbackwebhooks.bench;

import com.google.common.util.concurrent.ListenableFuture;
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
import java.util.ArrayDeque;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Organizations with a configuration each, and events of theirs that make bodies of 700 bytes.
 *
 * @param name begins each organization's
 */
record Customers(String name, int count) {
  private static final String CAMPAIGN = "16f24a15-7e21-477c-848a-d5695ca7f137";

  /** Calls that are under way together while they are created. */
  private static final int AT_ONCE = 64;

  private static final long CREATION_SECONDS = 60;

  Customers(int count) {
    this("org-", count);
  }

  /** Creates them all. */
  void create(ManagedChannel channel, IntFunction<String> url) throws Exception {
    var configs = WebhookConfigServiceGrpc.newFutureStub(channel);
    var campaigns = CampaignServiceGrpc.newFutureStub(channel);
    each(i -> configs.createWebhookConfig(config(i, url.apply(i))));
    each(i -> campaigns.updateCampaign(optIn(i)));
  }

  /** Calls for each, a bounded number at a time; ends once all are answered. */
  private void each(IntFunction<ListenableFuture<?>> call) throws Exception {
    ArrayDeque<Future<?>> underWay = new ArrayDeque<>();
    for (int i = 0; i < count; i++) {
      if (underWay.size() == AT_ONCE) {
        underWay.remove().get(CREATION_SECONDS, TimeUnit.SECONDS);
      }
      underWay.add(call.apply(i));
    }
    for (Future<?> last : underWay) {
      last.get(CREATION_SECONDS, TimeUnit.SECONDS);
    }
  }

  private String parent(int number) {
    return "organizations/" + name + number + "/sandboxes/prod";
  }

  private CreateWebhookConfigRequest config(int number, String url) {
    return CreateWebhookConfigRequest.newBuilder()
        .setParent(parent(number))
        .setWebhookConfig(
            WebhookConfig.newBuilder()
                .setDisplayName("bench")
                .addChannels(Channel.CHANNEL_EMAIL)
                .setUrl(url))
        .build();
  }

  private UpdateCampaignRequest optIn(int number) {
    return UpdateCampaignRequest.newBuilder()
        .setCampaign(
            Campaign.newBuilder()
                .setName(parent(number) + "/campaigns/" + CAMPAIGN)
                .setWebhooksEnabled(true))
        .build();
  }

  FeedbackEvent event(String run, long number) {
    return FeedbackEvent.newBuilder()
        .setEventId(run + "-" + number)
        .setRequestId(String.valueOf(number))
        .setImsOrg(name + number % count)
        .setSandbox(SANDBOX)
        .setChannel(Channel.CHANNEL_EMAIL)
        .setMessageExecution(EXECUTION)
        .setMessageDeliveryFeedback(FEEDBACK)
        .putIdentityMap("email", RECIPIENT)
        .build();
  }

  private static final Sandbox SANDBOX =
      Sandbox.newBuilder().setId("068abf40-575e-11ea-8512-9b1bfdb82603").setName("prod").build();
  private static final MessageExecution EXECUTION =
      MessageExecution.newBuilder()
          .setMessageExecutionId("HUMA-26362805")
          .setMessageType(MessageType.MESSAGE_TYPE_TRANSACTIONAL)
          .setCampaignId(CAMPAIGN)
          .setCampaignVersionId("2ca10c10-56dd-4505-87cd-fa5da84e7a5d")
          .build();
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
