package dev.feedbackwebhooks.persistence.stored;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/** What an event is known by: 128 bits of a hash, which no two events share. Used by one thread. */
public final class EventKey {
  private final MessageDigest digest;

  public EventKey() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  public UUID of(long scopeId, String eventId) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, scopeId));
    ByteBuffer hash = ByteBuffer.wrap(digest.digest(eventId.getBytes(StandardCharsets.UTF_8)));
    return new UUID(hash.getLong(), hash.getLong());
  }
}
