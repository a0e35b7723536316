package dev.feedbackwebhooks.domain.delivery;

import dev.feedbackwebhooks.domain.attempt.AttemptDetail;
import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import java.util.concurrent.CompletionStage;

/** Sends one POST: guards the address, signs, exchanges, judges the answer. */
public interface FeedbackSender extends AutoCloseable {
  /**
   * Makes one attempt. Never blocks its caller, and never fails for what the endpoint does: that is
   * a result. Ends within the attempt timeout.
   */
  CompletionStage<Sent> send(Post post);

  /** Ends its connections and threads, where it has any. */
  @Override
  default void close() {}

  /**
   * One request to make.
   *
   * @param config its URL, authentication and headers as they are now
   * @param attempt from 1
   */
  record Post(
      WebhookConfig config, DeliveryId id, int attempt, Payload payload, SendReason purpose) {
    private static final SendReason FEEDBACK = new SendReason.Feedback();

    /** One that brings feedback. */
    public Post(WebhookConfig config, DeliveryId id, int attempt, Payload payload) {
      this(config, id, attempt, payload, FEEDBACK);
    }
  }

  /** The result of an attempt with its details. */
  record Sent(AttemptResult result, AttemptDetail detail) {
    /** It came to nothing by a bug of ours. */
    public static Sent ourFault(Throwable bug) {
      return new Sent(
          new AttemptResult.Retryable(
              AttemptFailure.INTERNAL,
              0,
              null,
              "internal error: " + bug.getClass().getSimpleName()),
          AttemptDetail.NONE);
    }
  }
}
