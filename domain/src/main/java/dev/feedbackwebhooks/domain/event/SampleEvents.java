package dev.feedbackwebhooks.domain.event;

import dev.feedbackwebhooks.domain.config.Channel;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.FailureCategory;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.Identity;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.MessageExecution;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.MessageFailure;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.MessageFeedback;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.MessageType;
import dev.feedbackwebhooks.domain.event.FeedbackEvent.Sandbox;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Samples of feedback: of the same shape as any other, every id of them beginning with "test". The
 * recipients are none: a name reserved by RFC 2606, and a number reserved for fiction.
 */
final class SampleEvents {
  private SampleEvents() {}

  static FeedbackEvent of(
      Scope scope, DeliveryId id, FeedbackStatus status, Channel channel, Instant at) {
    return new FeedbackEvent(
        "test-" + id.text(),
        at,
        "test-" + id.text(),
        scope.organization(),
        new Sandbox(null, scope.sandbox()),
        channel,
        new MessageExecution("test-execution", MessageType.TRANSACTIONAL, "test-campaign", null),
        new MessageFeedback(status, List.of(), null, failure(status), 0),
        Map.of(namespace(channel), List.of(new Identity(recipient(channel), true))));
  }

  private static @Nullable MessageFailure failure(FeedbackStatus status) {
    return switch (status) {
      case BOUNCE -> new MessageFailure(FailureCategory.ASYNC, "Hard", "10", "Invalid Recipient");
      case ERROR -> new MessageFailure(FailureCategory.SYNC, "Ignored", "24", "Timeout");
      case SENT, DELIVERED, EXCLUDE, DELAY, DUPLICATE, DENYLIST, READ, UNKNOWN -> null;
    };
  }

  private static String namespace(Channel channel) {
    return switch (channel) {
      case EMAIL -> "email";
      case SMS -> "Phone";
    };
  }

  private static String recipient(Channel channel) {
    return switch (channel) {
      case EMAIL -> "test@example.com";
      case SMS -> "+12025550100";
    };
  }
}
