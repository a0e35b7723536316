package dev.feedbackwebhooks.domain.config;

import dev.feedbackwebhooks.domain.config.ConfigDraft.JwtDraft;
import dev.feedbackwebhooks.domain.fault.Violations;
import dev.feedbackwebhooks.domain.key.JwtAlgorithm;
import dev.feedbackwebhooks.domain.key.JwtAlgorithm.Family;
import dev.feedbackwebhooks.domain.key.JwtKey;
import dev.feedbackwebhooks.domain.key.KeyTrial;
import dev.feedbackwebhooks.domain.key.PrivateKeys;
import dev.feedbackwebhooks.domain.key.Secret;
import dev.feedbackwebhooks.domain.key.SigningKey;
import java.security.InvalidKeyException;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a signing key: an HMAC secret of at least its hash's size (RFC 7518 section 3.2), an
 * RSA key of 2048 to 4096 bits (section 3.3), a P-256 key (section 3.4), an Ed25519 key (RFC 8037).
 */
final class SigningKeyRules {
  private static final int MOST_SECRET_BYTES = 1_024;
  private static final int MOST_PEM_BYTES = 16 * 1024;
  private static final Pattern PEM =
      Pattern.compile(
          "\\s*-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----\\s*");

  private final KeyTrial trial;
  private final Violations violations;
  private final String field;

  SigningKeyRules(KeyTrial trial, Violations violations, String field) {
    this.trial = trial;
    this.violations = violations;
    this.field = field;
  }

  /** The key, or null where a violation was added. */
  @Nullable SigningKey check(JwtDraft draft, JwtAlgorithm algorithm, EndpointAuth stored) {
    boolean hasSecret = draft.secret().size() > 0;
    boolean hasPem = draft.privateKeyPem().size() > 0;
    if (!hasSecret && !hasPem) {
      return kept(algorithm, stored);
    }
    if (algorithm.family() == Family.HMAC) {
      return hasPem
          ? refuse("private_key_pem", algorithm + " signs with a secret: give secret instead")
          : secret(draft.secret(), algorithm);
    }
    return hasSecret
        ? refuse("secret", algorithm + " signs with a private key: give private_key_pem instead")
        : privateKey(draft.privateKeyPem(), algorithm);
  }

  private @Nullable SigningKey kept(JwtAlgorithm algorithm, EndpointAuth stored) {
    if (stored instanceof EndpointAuth.Jwt jwt && jwt.keys().current().algorithm() == algorithm) {
      return jwt.keys().current().key();
    }
    String name = algorithm.family() == Family.HMAC ? "secret" : "private_key_pem";
    return refuse(name, "is required: no key for " + algorithm + " is stored that could be kept");
  }

  private @Nullable SigningKey secret(Secret secret, JwtAlgorithm algorithm) {
    int least = algorithm.leastSecretBytes();
    if (secret.size() < least || secret.size() > MOST_SECRET_BYTES) {
      return refuse(
          "secret",
          "has "
              + secret.size()
              + " bytes: "
              + algorithm
              + " takes "
              + least
              + " to "
              + MOST_SECRET_BYTES);
    }
    return new SigningKey(secret);
  }

  private @Nullable SigningKey privateKey(Secret pem, JwtAlgorithm algorithm) {
    if (pem.size() > MOST_PEM_BYTES) {
      return refuse("private_key_pem", "has more than " + MOST_PEM_BYTES + " bytes");
    }
    Matcher body = PEM.matcher(pem.revealText());
    if (!body.matches()) {
      return refuse(
          "private_key_pem",
          "must be one PKCS#8 private key: -----BEGIN PRIVATE KEY----- …, for example from openssl"
              + " pkcs8 -topk8 -nocrypt");
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(body.group(1));
      var _ = PrivateKeys.read(algorithm, der);
      SigningKey key = new SigningKey(Secret.of(der));
      return trial.passes(new JwtKey(algorithm, key, null))
          ? key
          : refuse("private_key_pem", "makes no signature that its public key verifies");
    } catch (InvalidKeyException e) {
      return refuse("private_key_pem", String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException _) {
      return refuse("private_key_pem", "is no Base64 between its BEGIN and END lines");
    }
  }

  private @Nullable SigningKey refuse(String name, String description) {
    violations.add(field + "." + name, description);
    return null;
  }
}
