package dev.feedbackwebhooks.domain.key;

/** The signature algorithms of RFC 7518 and RFC 8037 that we sign with. */
public enum JwtAlgorithm {
  HS256(Family.HMAC, 32),
  HS384(Family.HMAC, 48),
  HS512(Family.HMAC, 64),
  RS256(Family.RSA, 0),
  PS256(Family.RSA, 0),
  ES256(Family.EC_P256, 0),
  EDDSA(Family.ED25519, 0);

  /** The kind of key that an algorithm signs with. */
  public enum Family {
    HMAC,
    RSA,
    EC_P256,
    ED25519
  }

  private final Family family;
  private final int hashBytes;

  JwtAlgorithm(Family family, int hashBytes) {
    this.family = family;
    this.hashBytes = hashBytes;
  }

  public Family family() {
    return family;
  }

  /** Least size of an HMAC key in bytes, which is its hash's (RFC 7518 section 3.2); else 0. */
  public int leastSecretBytes() {
    return hashBytes;
  }
}
