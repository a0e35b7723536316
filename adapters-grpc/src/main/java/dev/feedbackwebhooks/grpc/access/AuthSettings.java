package dev.feedbackwebhooks.grpc.access;

import java.util.Optional;

/** The settings of callers' authentication. */
public sealed interface AuthSettings {
  /** Not at all: who reaches the port may do everything. */
  record None() implements AuthSettings {}

  /**
   * By an access token in {@code authorization: Bearer}.
   *
   * @param jwks file or URL of the issuer's public keys (RFC 7517)
   * @param audience must be in the token's {@code aud}
   * @param issuer must be the token's {@code iss}; empty: whoever has a key in the set
   */
  record Jwt(String jwks, String audience, Optional<String> issuer) implements AuthSettings {}
}
