package dev.feedbackwebhooks.faults;

import dev.feedbackwebhooks.proto.v1.Channel;
import dev.feedbackwebhooks.proto.v1.FeedbackEvent;
import dev.feedbackwebhooks.proto.v1.FeedbackStatus;
import dev.feedbackwebhooks.proto.v1.Identity;
import dev.feedbackwebhooks.proto.v1.IdentityList;
import dev.feedbackwebhooks.proto.v1.MessageDeliveryFeedback;
import dev.feedbackwebhooks.proto.v1.MessageExecution;
import dev.feedbackwebhooks.proto.v1.MessageType;
import dev.feedbackwebhooks.proto.v1.Sandbox;

/** Events of one customer: most are wanted, some are not, and some break a rule. */
final class Events {
  static final String PARENT = "organizations/rig/sandboxes/prod";
  static final String CAMPAIGN = "16f24a15-7e21-477c-848a-d5695ca7f137";

  private static final int NOT_WANTED = 7;
  private static final int BREAKS_A_RULE = 13;
  private static final int OF = 20;

  private Events() {}

  static FeedbackEvent event(String id, long number) {
    FeedbackEvent.Builder event =
        FeedbackEvent.newBuilder()
            .setEventId(id)
            .setRequestId(id)
            .setImsOrg("rig")
            .setSandbox(Sandbox.newBuilder().setId("068abf40").setName("prod"))
            .setChannel(number % OF == NOT_WANTED ? Channel.CHANNEL_SMS : Channel.CHANNEL_EMAIL)
            .setMessageExecution(
                MessageExecution.newBuilder()
                    .setMessageExecutionId("HUMA-" + number)
                    .setMessageType(MessageType.MESSAGE_TYPE_TRANSACTIONAL)
                    .setCampaignId(CAMPAIGN))
            .setMessageDeliveryFeedback(
                MessageDeliveryFeedback.newBuilder()
                    .setFeedbackStatus(FeedbackStatus.FEEDBACK_STATUS_DELIVERED));
    return number % OF == BREAKS_A_RULE
        ? event.build()
        : event.putIdentityMap("email", recipient(number)).build();
  }

  private static IdentityList recipient(long number) {
    return IdentityList.newBuilder()
        .addIdentities(
            Identity.newBuilder().setId("user" + number + "@example.com").setPrimary(true))
        .build();
  }
}
