package dev.feedbackwebhooks.domain.config;

import dev.feedbackwebhooks.domain.config.Signing.Scheme;
import dev.feedbackwebhooks.domain.config.Signing.SigningSecret;
import dev.feedbackwebhooks.domain.fault.Violations;
import dev.feedbackwebhooks.domain.key.Ed25519Pair;
import dev.feedbackwebhooks.domain.key.Secret;
import dev.feedbackwebhooks.domain.key.SigningKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a signing secret of Standard Webhooks: "whsec_" and a key, or "whsk_" and an Ed25519
 * key.
 */
final class SigningRules {
  private static final String SYMMETRIC = "whsec_";
  private static final String ASYMMETRIC = "whsk_";
  private static final int LEAST_BYTES = 24;
  private static final int MOST_BYTES = 64;

  /** The longest text that is decoded. */
  private static final int MOST_TEXT = 256;

  private static final String FIELD = "webhook_config.signing.secret";

  private final Violations violations;

  SigningRules(Violations violations) {
    this.violations = violations;
  }

  /**
   * @param secret empty keeps the stored one
   * @return null where a violation was added
   */
  @Nullable Signing check(Secret secret, @Nullable Signing stored, Instant now) {
    if (secret.size() == 0) {
      violations.require(stored != null, FIELD, "is required: give whsec_… or whsk_…");
      return stored;
    }
    SigningSecret given = secret.size() > MOST_TEXT ? unknown() : parse(secret.revealText());
    if (given == null) {
      return null;
    }
    return stored == null ? new Signing(given, null) : stored.exchangedFor(given, now);
  }

  private @Nullable SigningSecret parse(String text) {
    if (text.startsWith(SYMMETRIC)) {
      return symmetric(decoded(text.substring(SYMMETRIC.length())));
    }
    if (text.startsWith(ASYMMETRIC)) {
      return asymmetric(decoded(text.substring(ASYMMETRIC.length())));
    }
    return unknown();
  }

  private @Nullable SigningSecret unknown() {
    violations.add(
        FIELD,
        "must be whsec_ or whsk_ and Base64: for example whsec_ and openssl rand -base64 32");
    return null;
  }

  /** No bytes at all where it is no Base64. */
  private static byte[] decoded(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException _) {
      return new byte[0];
    }
  }

  private @Nullable SigningSecret symmetric(byte[] key) {
    if (key.length < LEAST_BYTES || key.length > MOST_BYTES) {
      violations.add(FIELD, "must be whsec_ and 24 to 64 bytes in Base64");
      return null;
    }
    return new SigningSecret(Scheme.HMAC_SHA256, new SigningKey(Secret.of(key)));
  }

  private @Nullable SigningSecret asymmetric(byte[] key) {
    byte[] pair = Ed25519Pair.of(key);
    boolean fits =
        pair.length == 2 * Ed25519Pair.BYTES
            && (key.length == Ed25519Pair.BYTES || Arrays.equals(key, pair));
    if (!fits) {
      violations.add(
          FIELD, "must be whsk_ and an Ed25519 key in Base64: its seed, or seed and public key");
      return null;
    }
    return new SigningSecret(Scheme.ED25519, new SigningKey(Secret.of(pair)));
  }
}
