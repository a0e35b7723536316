package dev.feedbackwebhooks.domain.config;

import dev.feedbackwebhooks.domain.key.SigningKey;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The signing of POSTs by Standard Webhooks (standardwebhooks.com): a signature over id, time and
 * body in {@code webhook-signature}, which a receiver can verify with a library.
 *
 * @param previous what signs besides, for a while after an exchange; null if there was none
 */
public record Signing(SigningSecret current, @Nullable Previous previous) {
  /**
   * The time that an exchanged secret goes on signing: a receiver has that time to take the new
   * one.
   */
  public static final Duration OVERLAP = Duration.ofHours(24);

  /**
   * A secret that was exchanged.
   *
   * @param until when it signs no more
   */
  public record Previous(SigningSecret secret, Instant until) {}

  /** The signature scheme of a secret. */
  public enum Scheme {
    /** HMAC-SHA256, "v1": both sides know the secret. */
    HMAC_SHA256,
    /** Ed25519 (RFC 8032), "v1a": the receiver knows the public key only. */
    ED25519
  }

  /**
   * A secret that signs.
   *
   * @param key the HMAC key of 24 to 64 bytes, or seed and public key, of 32 bytes each
   */
  public record SigningSecret(Scheme scheme, SigningKey key) {}

  /** This, with {@code next} in the place of the current secret. */
  Signing exchangedFor(SigningSecret next, Instant now) {
    return next.equals(current)
        ? this
        : new Signing(next, new Previous(current, now.plus(OVERLAP)));
  }
}
