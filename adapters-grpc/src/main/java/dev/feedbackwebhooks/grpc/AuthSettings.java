package dev.feedbackwebhooks.grpc;

/** How callers prove who they are. */
public sealed interface AuthSettings {
  /** Not at all: who reaches the port may do everything. */
  record None() implements AuthSettings {}

  /**
   * By an access token in {@code authorization: Bearer}.
   *
   * @param jwks file or https URL of the issuer's public keys (RFC 7517)
   * @param audience must be in the token's {@code aud}
   */
  record Jwt(String jwks, String audience) implements AuthSettings {}
}
