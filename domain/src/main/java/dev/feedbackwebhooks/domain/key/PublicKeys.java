package dev.feedbackwebhooks.domain.key;

import java.util.List;

/** Writes down what verifies tokens. */
public interface PublicKeys {
  /**
   * A JWK set (RFC 7517 section 5) with the public halves of those keys that have one.
   *
   * @return JSON; never anything that could sign
   */
  String jwkSet(List<JwtKey> keys);
}
