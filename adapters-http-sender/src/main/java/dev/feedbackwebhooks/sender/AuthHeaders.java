package dev.feedbackwebhooks.sender;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.feedbackwebhooks.domain.config.EndpointAuth;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.AttemptFailure;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Mints the tokens of POSTs (RFC 7519), and uses each again while it is fresh. An RSA signature
 * takes milliseconds, so it is made elsewhere than on the event loop that asks for it.
 */
final class AuthHeaders {
  /** Beyond this many, tokens are minted anew rather than kept: bounds memory. */
  private static final int CACHED = 20_000;

  /** Parts of a token's lifetime; the last one is left to the request's way and to clock skew. */
  private static final int PARTS = 4;

  /** An endpoint that refuses every token must not have us sign for every attempt. */
  private static final Duration BETWEEN_REFUSALS = Duration.ofSeconds(60);

  private static final CompletableFuture<Optional<String>> NONE =
      CompletableFuture.completedFuture(Optional.empty());

  private final InstantSource clock;
  private final Executor background;
  private final ConcurrentMap<Key, Token> tokens = new ConcurrentHashMap<>();

  private record Key(long configId, long version) {}

  /**
   * A token, minted or about to be.
   *
   * @param signer what its key was parsed to
   * @param refusalAt when it took the place of one that was refused
   */
  private record Token(
      CompletableFuture<JWSSigner> signer,
      CompletableFuture<Optional<String>> header,
      Instant staleAt,
      Instant refusalAt) {
    boolean isFresh(Instant now) {
      return now.isBefore(staleAt) && !header.isCompletedExceptionally();
    }

    boolean isThis(String value) {
      return header.isDone()
          && !header.isCompletedExceptionally()
          && header.join().filter(value::equals).isPresent();
    }
  }

  /**
   * @param background may be blocked
   */
  AuthHeaders(InstantSource clock, Executor background) {
    this.clock = clock;
    this.background = background;
  }

  /**
   * The value of {@code Authorization}; empty without authentication. Fails with {@link
   * ExchangeException} if the key cannot sign.
   */
  CompletionStage<Optional<String>> of(WebhookConfig config) {
    return switch (config.authentication()) {
      case EndpointAuth.None _ -> NONE;
      case EndpointAuth.Jwt jwt -> token(config, jwt);
    };
  }

  /** The endpoint did not want this token: the next attempt carries another, but not each. */
  void refused(WebhookConfig config, String header) {
    Instant now = clock.instant();
    if (config.authentication() instanceof EndpointAuth.Jwt jwt) {
      tokens.computeIfPresent(
          key(config),
          (_, token) ->
              token.isThis(header) && !now.isBefore(token.refusalAt().plus(BETWEEN_REFUSALS))
                  ? mint(jwt, now, now, token)
                  : token);
    }
  }

  private CompletionStage<Optional<String>> token(WebhookConfig config, EndpointAuth.Jwt jwt) {
    Instant now = clock.instant();
    if (tokens.size() >= CACHED) {
      tokens.clear();
    }
    return tokens
        .compute(
            key(config),
            (_, kept) ->
                kept != null && kept.isFresh(now)
                    ? kept
                    : mint(jwt, now, kept == null ? Instant.EPOCH : kept.refusalAt(), kept))
        .header();
  }

  private Token mint(EndpointAuth.Jwt jwt, Instant now, Instant refusalAt, @Nullable Token before) {
    CompletableFuture<JWSSigner> signer =
        before != null && !before.signer().isCompletedExceptionally()
            ? before.signer()
            : CompletableFuture.supplyAsync(() -> signer(jwt), background);
    CompletableFuture<Optional<String>> header =
        signer.thenApplyAsync(
            ready -> Optional.of("Bearer " + sign(jwt, claims(jwt, now), ready)), background);
    Instant staleAt = now.plus(jwt.lifetime()).minus(jwt.lifetime().dividedBy(PARTS));
    return new Token(signer, header, staleAt, refusalAt);
  }

  private static JWTClaimsSet claims(EndpointAuth.Jwt jwt, Instant now) {
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
    return claims
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plus(jwt.lifetime())))
        .jwtID(UUID.randomUUID().toString())
        .build();
  }

  private static String sign(EndpointAuth.Jwt jwt, JWTClaimsSet claims, JWSSigner signer) {
    JWSHeader header =
        new JWSHeader.Builder(TokenSigner.algorithm(jwt.algorithm()))
            .type(JOSEObjectType.JWT)
            .keyID(jwt.keyId())
            .build();
    SignedJWT token = new SignedJWT(header, claims);
    try {
      token.sign(signer);
      return token.serialize();
    } catch (JOSEException e) {
      throw unfit(e);
    }
  }

  private static JWSSigner signer(EndpointAuth.Jwt jwt) {
    try {
      return TokenSigner.of(jwt);
    } catch (JOSEException | GeneralSecurityException e) {
      throw unfit(e);
    }
  }

  /** Without the cause's message, which may show a part of the key. */
  private static ExchangeException unfit(Exception cause) {
    return new ExchangeException(
        AttemptFailure.SIGNING_FAILED, "the configured key cannot sign", cause);
  }

  private static Key key(WebhookConfig config) {
    return new Key(config.id(), config.version());
  }
}
