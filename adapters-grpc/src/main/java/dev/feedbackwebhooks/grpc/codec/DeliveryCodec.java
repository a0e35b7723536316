package dev.feedbackwebhooks.grpc.codec;

import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.event.FeedbackStatus;
import java.util.Locale;

/** Deliveries on the wire. */
public final class DeliveryCodec {
  private DeliveryCodec() {}

  public static dev.feedbackwebhooks.proto.v1.Delivery toProto(Delivery delivery) {
    var proto =
        dev.feedbackwebhooks.proto.v1.Delivery.newBuilder()
            .setName(delivery.name())
            .setState(toProto(delivery.state()))
            .setStateReason(delivery.stateReason())
            .setEventId(delivery.subject().eventId())
            .setRequestId(delivery.subject().requestId())
            .setExecutionId(delivery.subject().executionId())
            .setChannel(ChannelCodec.toProto(delivery.subject().channel()))
            .setCampaign(delivery.subject().campaignId())
            .setFeedbackStatus(
                FeedbackCodec.encode(
                    FeedbackStatus.valueOf(
                        delivery.subject().feedbackStatus().toUpperCase(Locale.ROOT))))
            .setEventTime(TimeCodec.toProto(delivery.subject().eventTime()))
            .setCreateTime(TimeCodec.toProto(delivery.createTime()))
            .setUpdateTime(TimeCodec.toProto(delivery.updateTime()))
            .setAttemptCount(delivery.attemptCount());
    if (delivery.nextAttempt() != null) {
      proto.setNextAttemptTime(TimeCodec.toProto(delivery.nextAttempt()));
    }
    delivery.attempts().forEach(attempt -> proto.addAttempts(AttemptCodec.toProto(attempt)));
    return proto.build();
  }

  private static dev.feedbackwebhooks.proto.v1.DeliveryState toProto(DeliveryState state) {
    return dev.feedbackwebhooks.proto.v1.DeliveryState.valueOf("DELIVERY_STATE_" + state.name());
  }
}
