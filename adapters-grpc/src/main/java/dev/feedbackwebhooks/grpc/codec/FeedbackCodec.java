package dev.feedbackwebhooks.grpc.codec;

import dev.feedbackwebhooks.domain.event.FeedbackEvent.FailureCategory;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.MessageExclusion;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.MessageFailure;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.MessageFeedback;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.Offer;
import dev.feedbackwebhooks.domain.event.FeedbackStatus;
import dev.feedbackwebhooks.domain.fault.Violations;
import dev.feedbackwebhooks.proto.v1.MessageDeliveryFeedback;
import org.jspecify.annotations.Nullable;

/** Codec of the feedback on a message. */
public final class FeedbackCodec {
  private static final String AT = "message_delivery_feedback.";

  private FeedbackCodec() {}

  /** The feedback, or null where a violation was added. */
  static @Nullable MessageFeedback decode(MessageDeliveryFeedback feedback, Violations violations) {
    FeedbackStatus status = status(feedback.getFeedbackStatus());
    violations.require(
        status != null, AT + "feedback_status", "is required: give one of FeedbackStatus");
    violations.require(
        !feedback.hasRetryCount() || feedback.getRetryCount() >= 0,
        AT + "retry_count",
        "is negative: it counts from 0");
    MessageFailure failure = feedback.hasMessageFailure() ? failure(feedback, violations) : null;
    if (status == null) {
      return null;
    }
    return new MessageFeedback(
        status,
        feedback.getOffersList().stream().map(FeedbackCodec::offer).toList(),
        feedback.hasMessageExclusion() ? exclusion(feedback) : null,
        failure,
        feedback.hasRetryCount() ? feedback.getRetryCount() : null);
  }

  /** The status of that spelling in a stored delivery. */
  static dev.feedbackwebhooks.proto.v1.FeedbackStatus encode(FeedbackStatus status) {
    return dev.feedbackwebhooks.proto.v1.FeedbackStatus.valueOf("FEEDBACK_STATUS_" + status.name());
  }

  /** Null for one that was not given or is not known. */
  public static @Nullable FeedbackStatus status(
      dev.feedbackwebhooks.proto.v1.FeedbackStatus status) {
    return switch (status) {
      case FEEDBACK_STATUS_SENT -> FeedbackStatus.SENT;
      case FEEDBACK_STATUS_DELIVERED -> FeedbackStatus.DELIVERED;
      case FEEDBACK_STATUS_BOUNCE -> FeedbackStatus.BOUNCE;
      case FEEDBACK_STATUS_ERROR -> FeedbackStatus.ERROR;
      case FEEDBACK_STATUS_EXCLUDE -> FeedbackStatus.EXCLUDE;
      case FEEDBACK_STATUS_DELAY -> FeedbackStatus.DELAY;
      case FEEDBACK_STATUS_DUPLICATE -> FeedbackStatus.DUPLICATE;
      case FEEDBACK_STATUS_DENYLIST -> FeedbackStatus.DENYLIST;
      case FEEDBACK_STATUS_READ -> FeedbackStatus.READ;
      case FEEDBACK_STATUS_UNKNOWN -> FeedbackStatus.UNKNOWN;
      case FEEDBACK_STATUS_UNSPECIFIED, UNRECOGNIZED -> null;
    };
  }

  private static MessageFailure failure(MessageDeliveryFeedback feedback, Violations violations) {
    var failure = feedback.getMessageFailure();
    FailureCategory category =
        switch (failure.getCategory()) {
          case FAILURE_CATEGORY_SYNC -> FailureCategory.SYNC;
          case FAILURE_CATEGORY_ASYNC -> FailureCategory.ASYNC;
          case FAILURE_CATEGORY_UNSPECIFIED -> null;
          case UNRECOGNIZED -> {
            violations.add(
                AT + "message_failure.category", "is not known: give one of FailureCategory");
            yield null;
          }
        };
    return new MessageFailure(
        category,
        failure.hasType() ? failure.getType() : null,
        failure.hasCode() ? failure.getCode() : null,
        failure.hasReason() ? failure.getReason() : null);
  }

  private static MessageExclusion exclusion(MessageDeliveryFeedback feedback) {
    var exclusion = feedback.getMessageExclusion();
    return new MessageExclusion(
        exclusion.hasCode() ? exclusion.getCode() : null,
        exclusion.hasReason() ? exclusion.getReason() : null,
        exclusion.getDetailsMap());
  }

  private static Offer offer(dev.feedbackwebhooks.proto.v1.Offer offer) {
    return new Offer(
        offer.hasOfferId() ? offer.getOfferId() : null,
        offer.hasPlacementId() ? offer.getPlacementId() : null,
        offer.hasPropositionId() ? offer.getPropositionId() : null,
        offer.hasPropositionTime() ? offer.getPropositionTime() : null,
        offer.hasOfferCount() ? offer.getOfferCount() : null,
        offer.hasScopeId() ? offer.getScopeId() : null,
        offer.hasActivityId() ? offer.getActivityId() : null);
  }
}
