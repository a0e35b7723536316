package dev.feedbackwebhooks.examples;

import dev.feedbackwebhooks.proto.v1.Channel;
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

/** Events as a pipeline would send them: sent, delivered and bounced in turn. */
final class ExampleEvents {
  static final String CAMPAIGN = "16f24a15-7e21-477c-848a-d5695ca7f137";

  private ExampleEvents() {}

  static FeedbackEvent event(String id, int number) {
    return FeedbackEvent.newBuilder()
        .setEventId(id)
        .setRequestId("request-" + number)
        .setImsOrg("myImsOrg")
        .setSandbox(
            Sandbox.newBuilder().setId("068abf40-575e-11ea-8512-9b1bfdb82603").setName("prod"))
        .setChannel(Channel.CHANNEL_EMAIL)
        .setMessageExecution(
            MessageExecution.newBuilder()
                .setMessageExecutionId("HUMA-26362805")
                .setMessageType(MessageType.MESSAGE_TYPE_TRANSACTIONAL)
                .setCampaignId(CAMPAIGN)
                .setCampaignVersionId("2ca10c10-56dd-4505-87cd-fa5da84e7a5d"))
        .setMessageDeliveryFeedback(feedback(number))
        .putIdentityMap(
            "email",
            IdentityList.newBuilder()
                .addIdentities(
                    Identity.newBuilder().setId("user" + number + "@example.com").setPrimary(true))
                .build())
        .build();
  }

  private static MessageDeliveryFeedback feedback(int number) {
    MessageDeliveryFeedback.Builder feedback =
        MessageDeliveryFeedback.newBuilder().setRetryCount(0);
    return switch (number % 3) {
      case 0 -> feedback.setFeedbackStatus(FeedbackStatus.FEEDBACK_STATUS_SENT).build();
      case 1 -> feedback.setFeedbackStatus(FeedbackStatus.FEEDBACK_STATUS_DELIVERED).build();
      default ->
          feedback
              .setFeedbackStatus(FeedbackStatus.FEEDBACK_STATUS_BOUNCE)
              .setMessageFailure(
                  MessageFailure.newBuilder()
                      .setCategory(FailureCategory.FAILURE_CATEGORY_SYNC)
                      .setType("Soft")
                      .setCode("22")
                      .setReason("Mailbox Full"))
              .build();
    };
  }
}
