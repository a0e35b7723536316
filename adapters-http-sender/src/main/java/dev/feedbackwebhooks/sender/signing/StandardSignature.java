package dev.feedbackwebhooks.sender.signing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.crypto.tink.subtle.Ed25519Sign;
import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.config.Signing;
import dev.feedbackwebhooks.domain.config.Signing.Scheme;
import dev.feedbackwebhooks.domain.config.Signing.SigningSecret;
import dev.feedbackwebhooks.sender.judge.ExchangeException;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs POSTs of one version of a configuration by Standard Webhooks: the value of {@code
 * webhook-signature}. Belongs to one event loop, so that its keys are set up once; a signature by a
 * private key is made in the {@link SigningPool}.
 */
public final class StandardSignature {
  private static final int SEED_BYTES = 32;

  private final Signer current;
  private final @Nullable Signer previous;
  private final Instant previousUntil;
  private final boolean usesPrivateKey;

  private interface Signer {
    /** Version, comma, signature. */
    String sign(byte[] head, byte[] body) throws GeneralSecurityException;
  }

  private StandardSignature(Signing signing) throws GeneralSecurityException {
    this.current = signer(signing.current());
    this.previous = signing.previous() == null ? null : signer(signing.previous().secret());
    this.previousUntil = signing.previous() == null ? Instant.MIN : signing.previous().until();
    this.usesPrivateKey =
        signing.current().scheme() == Scheme.ED25519
            || (signing.previous() != null
                && signing.previous().secret().scheme() == Scheme.ED25519);
  }

  /** Null where nothing is to be signed. */
  public static @Nullable StandardSignature of(@Nullable Signing signing) {
    try {
      return signing == null ? null : new StandardSignature(signing);
    } catch (GeneralSecurityException e) {
      throw unfit(e);
    }
  }

  /** Whether to sign takes long enough to be done elsewhere than on the event loop. */
  public boolean usesPrivateKey() {
    return usesPrivateKey;
  }

  /**
   * @param timestamp as in {@code webhook-timestamp}: seconds since the epoch
   */
  public String of(String id, long timestamp, byte[] body) {
    byte[] head = (id + "." + timestamp + ".").getBytes(US_ASCII);
    try {
      String signature = current.sign(head, body);
      return previous != null && timestamp < previousUntil.getEpochSecond()
          ? signature + " " + previous.sign(head, body)
          : signature;
    } catch (GeneralSecurityException e) {
      throw unfit(e);
    }
  }

  private static Signer signer(SigningSecret secret) throws GeneralSecurityException {
    byte[] key = secret.key().material().reveal();
    return switch (secret.scheme()) {
      case HMAC_SHA256 -> hmac(key);
      case ED25519 -> ed25519(new Ed25519Sign(Arrays.copyOf(key, SEED_BYTES)));
    };
  }

  private static Signer hmac(byte[] key) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return (head, body) -> {
      // Beside a private key, threads of the pool come here.
      synchronized (mac) {
        mac.update(head);
        return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
      }
    };
  }

  private static Signer ed25519(Ed25519Sign key) {
    return (head, body) -> {
      byte[] signed = Arrays.copyOf(head, head.length + body.length);
      System.arraycopy(body, 0, signed, head.length, body.length);
      return "v1a," + Base64.getEncoder().encodeToString(key.sign(signed));
    };
  }

  private static ExchangeException unfit(Exception cause) {
    return new ExchangeException(
        AttemptFailure.SIGNING_FAILED, "the configured signing secret cannot sign", cause);
  }
}
