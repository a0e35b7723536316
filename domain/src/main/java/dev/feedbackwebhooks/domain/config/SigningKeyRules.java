package dev.feedbackwebhooks.domain.config;

import dev.feedbackwebhooks.domain.config.ConfigDraft.JwtDraft;
import dev.feedbackwebhooks.domain.config.JwtAlgorithm.Family;
import dev.feedbackwebhooks.domain.fault.Violations;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What may sign: an HMAC secret of at least its hash's size (RFC 7518 section 3.2), an RSA key of
 * 2048 to 4096 bits (section 3.3), a P-256 key (section 3.4), an Ed25519 key (RFC 8037).
 */
final class SigningKeyRules {
  private static final int LEAST_RSA_BITS = 2_048;

  /** To sign by a longer one takes tens of milliseconds of everybody's processor. */
  private static final int MOST_RSA_BITS = 4_096;

  private static final int MOST_SECRET_BYTES = 1_024;
  private static final int P256_BITS = 256;
  private static final Pattern PEM =
      Pattern.compile(
          "\\s*-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----\\s*");

  private final Violations violations;
  private final String field;

  SigningKeyRules(Violations violations, String field) {
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
        : privateKey(draft.privateKeyPem().revealText(), algorithm);
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

  private @Nullable SigningKey privateKey(String pem, JwtAlgorithm algorithm) {
    Matcher body = PEM.matcher(pem);
    if (!body.matches()) {
      return refuse(
          "private_key_pem", "must be one PKCS#8 private key: -----BEGIN PRIVATE KEY----- …");
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(body.group(1));
      PrivateKey key =
          KeyFactory.getInstance(keyType(algorithm)).generatePrivate(new PKCS8EncodedKeySpec(der));
      return strongEnough(key) ? new SigningKey(Secret.of(der)) : null;
    } catch (GeneralSecurityException | IllegalArgumentException _) {
      return refuse("private_key_pem", "is no private key that " + algorithm + " signs with");
    }
  }

  private boolean strongEnough(PrivateKey key) {
    return switch (key) {
      case RSAPrivateKey rsa ->
          violations.require(
                  rsa instanceof RSAPrivateCrtKey,
                  field + ".private_key_pem",
                  "is an RSA key without its public exponent, so that nobody could verify what it"
                      + " signs: export it whole, for example with openssl pkcs8 -topk8 -nocrypt")
              && violations.require(
                  rsa.getModulus().bitLength() >= LEAST_RSA_BITS
                      && rsa.getModulus().bitLength() <= MOST_RSA_BITS,
                  field + ".private_key_pem",
                  "is an RSA key of "
                      + rsa.getModulus().bitLength()
                      + " bits: give one of 2048 to 4096");
      case ECPrivateKey ec ->
          violations.require(
              ec.getParams().getCurve().getField().getFieldSize() == P256_BITS
                  && ec.getParams().toString().contains("P-256"),
              field + ".private_key_pem",
              "is on another curve than P-256, which ES256 signs on");
      case EdECPrivateKey _ -> true;
      default -> false;
    };
  }

  private static String keyType(JwtAlgorithm algorithm) {
    return switch (algorithm.family()) {
      case RSA -> "RSA";
      case EC_P256 -> "EC";
      case ED25519 -> "Ed25519";
      case HMAC -> throw new IllegalArgumentException("an HMAC key is no key pair");
    };
  }

  private @Nullable SigningKey refuse(String name, String description) {
    violations.add(field + "." + name, description);
    return null;
  }
}
