package dev.feedbackwebhooks.sender;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.feedbackwebhooks.domain.config.EndpointAuth;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.AttemptFailure;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Mints the tokens of POSTs (RFC 7519), and uses each again while it is fresh. */
final class AuthHeaders {
  /** Beyond this many, tokens are minted anew rather than kept: bounds memory. */
  private static final int CACHED = 20_000;

  /** Parts of a token's lifetime; the last one is left to the request's way and to clock skew. */
  private static final int PARTS = 4;

  private final InstantSource clock;
  private final ConcurrentMap<Key, Token> tokens = new ConcurrentHashMap<>();

  private record Key(long configId, long version) {}

  private record Token(String header, Instant staleAt) {}

  AuthHeaders(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * The value of {@code Authorization}; empty without authentication.
   *
   * @throws ExchangeException if the key cannot sign
   */
  Optional<String> of(WebhookConfig config) {
    return switch (config.authentication()) {
      case EndpointAuth.None _ -> Optional.empty();
      case EndpointAuth.Jwt jwt -> Optional.of(token(config, jwt));
    };
  }

  /** The endpoint did not want this token: the next attempt carries another. */
  void refused(WebhookConfig config, String header) {
    tokens.computeIfPresent(
        key(config), (_, token) -> token.header().equals(header) ? null : token);
  }

  private String token(WebhookConfig config, EndpointAuth.Jwt jwt) {
    Instant now = clock.instant();
    if (tokens.size() >= CACHED) {
      tokens.clear();
    }
    return tokens
        .compute(
            key(config),
            (_, kept) -> kept != null && now.isBefore(kept.staleAt()) ? kept : mint(jwt, now))
        .header();
  }

  private static Token mint(EndpointAuth.Jwt jwt, Instant now) {
    JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder().serializeNullClaims(true);
    jwt.additionalClaims().forEach(claims::claim);
    if (jwt.claims().issuer() != null) {
      claims.issuer(jwt.claims().issuer());
    }
    if (jwt.claims().subject() != null) {
      claims.subject(jwt.claims().subject());
    }
    if (jwt.claims().audience() != null) {
      claims.audience(jwt.claims().audience());
    }
    claims
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plus(jwt.lifetime())))
        .jwtID(UUID.randomUUID().toString());
    Instant staleAt = now.plus(jwt.lifetime()).minus(jwt.lifetime().dividedBy(PARTS));
    return new Token("Bearer " + sign(jwt, claims.build()), staleAt);
  }

  private static String sign(EndpointAuth.Jwt jwt, JWTClaimsSet claims) {
    JWSHeader header =
        new JWSHeader.Builder(TokenSigner.algorithm(jwt.algorithm()))
            .type(JOSEObjectType.JWT)
            .keyID(jwt.keyId())
            .build();
    SignedJWT token = new SignedJWT(header, claims);
    try {
      token.sign(TokenSigner.of(jwt));
      return token.serialize();
    } catch (JOSEException | GeneralSecurityException e) {
      // Not e's message: it may show a part of the key.
      throw new ExchangeException(
          AttemptFailure.SIGNING_FAILED, "the configured key cannot sign", e);
    }
  }

  private static Key key(WebhookConfig config) {
    return new Key(config.id(), config.version());
  }
}
