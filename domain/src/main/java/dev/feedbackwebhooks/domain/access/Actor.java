package dev.feedbackwebhooks.domain.access;

import org.jspecify.annotations.Nullable;

/**
 * The author of an action, and the proof of its identity. Holds no credential: it is written down
 * and shown.
 */
public sealed interface Actor {
  /** Someone who reached the port, which asks nobody who they are. */
  record Anonymous() implements Actor {}

  /**
   * A caller that showed a client certificate (mutual TLS).
   *
   * @param subject distinguished name (RFC 2253); may be empty, for names may stand elsewhere
   * @param issuer distinguished name of the authority
   * @param serialNumber hex; names the certificate among its issuer's
   */
  record Certificate(String subject, String issuer, String serialNumber) implements Actor {}

  /**
   * A caller that sent an access token.
   *
   * @param subject the token's {@code sub}
   * @param issuer its {@code iss}; null without one
   * @param certificate of the connection that it came over; null if that showed none
   */
  record Token(String subject, @Nullable String issuer, @Nullable Certificate certificate)
      implements Actor {}

  /** This service by itself. */
  record Service() implements Actor {}
}
