package dev.feedbackwebhooks.persistence;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A number for an event's id, which an index holds more cheaply than the id. No sender can make ids
 * that share one. Used by one thread.
 */
final class EventHash {
  private final MessageDigest digest;

  EventHash() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  long of(long scopeId, String eventId) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, scopeId));
    return ByteBuffer.wrap(digest.digest(eventId.getBytes(StandardCharsets.UTF_8))).getLong();
  }
}
