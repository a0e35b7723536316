package dev.feedbackwebhooks.sender.http;

import dev.feedbackwebhooks.domain.delivery.FeedbackSender.Post;
import org.jspecify.annotations.Nullable;

/**
 * A POST as it is about to be sent.
 *
 * @param timestamp seconds since the epoch, of this attempt
 * @param signature null where none is wanted
 */
record Request(
    RequestHead head,
    Post post,
    @Nullable String authorization,
    long timestamp,
    @Nullable String signature) {
  byte[] body() {
    return post.payload().bytes();
  }
}
