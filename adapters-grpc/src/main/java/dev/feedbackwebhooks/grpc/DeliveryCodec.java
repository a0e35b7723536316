package dev.feedbackwebhooks.grpc;

import dev.feedbackwebhooks.domain.delivery.Attempt;
import dev.feedbackwebhooks.domain.delivery.AttemptFailure;
import dev.feedbackwebhooks.domain.delivery.AttemptResult;
import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.delivery.DeliveryState;
import dev.feedbackwebhooks.domain.event.FeedbackStatus;
import java.util.Locale;

/** Deliveries on the wire. */
final class DeliveryCodec {
  private DeliveryCodec() {}

  static dev.feedbackwebhooks.proto.v1.Delivery toProto(Delivery delivery) {
    var proto =
        dev.feedbackwebhooks.proto.v1.Delivery.newBuilder()
            .setName(delivery.name())
            .setState(toProto(delivery.state()))
            .setStateReason(delivery.stateReason())
            .setEventId(delivery.subject().eventId())
            .setRequestId(delivery.subject().requestId())
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
    delivery.attempts().forEach(attempt -> proto.addAttempts(toProto(attempt)));
    return proto.build();
  }

  private static dev.feedbackwebhooks.proto.v1.DeliveryState toProto(DeliveryState state) {
    return dev.feedbackwebhooks.proto.v1.DeliveryState.valueOf("DELIVERY_STATE_" + state.name());
  }

  private static dev.feedbackwebhooks.proto.v1.Attempt toProto(Attempt attempt) {
    var proto =
        dev.feedbackwebhooks.proto.v1.Attempt.newBuilder()
            .setNumber(attempt.number())
            .setStartTime(TimeCodec.toProto(attempt.start()))
            .setDuration(TimeCodec.toProto(attempt.duration()));
    switch (attempt.result()) {
      case AttemptResult.Accepted(int status) ->
          proto
              .setResult(dev.feedbackwebhooks.proto.v1.AttemptResult.ATTEMPT_RESULT_ACCEPTED)
              .setHttpStatus(status);
      case AttemptResult.Retryable(var failure, int status, _, var detail) ->
          proto
              .setResult(dev.feedbackwebhooks.proto.v1.AttemptResult.ATTEMPT_RESULT_RETRYABLE)
              .setFailure(toProto(failure))
              .setHttpStatus(status)
              .setDetail(detail);
      case AttemptResult.Refused(int status, var detail) ->
          proto
              .setResult(dev.feedbackwebhooks.proto.v1.AttemptResult.ATTEMPT_RESULT_REFUSED)
              .setFailure(toProto(AttemptFailure.HTTP_STATUS))
              .setHttpStatus(status)
              .setDetail(detail);
    }
    return proto.build();
  }

  private static dev.feedbackwebhooks.proto.v1.AttemptFailure toProto(AttemptFailure failure) {
    return dev.feedbackwebhooks.proto.v1.AttemptFailure.valueOf(
        "ATTEMPT_FAILURE_" + failure.name());
  }
}
