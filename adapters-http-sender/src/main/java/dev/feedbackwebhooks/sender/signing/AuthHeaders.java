package dev.feedbackwebhooks.sender.signing;

import com.google.common.hash.Hashing;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.config.EndpointAuth;
import dev.feedbackwebhooks.domain.config.WebhookConfig;
import dev.feedbackwebhooks.domain.delivery.Payload;
import dev.feedbackwebhooks.domain.key.JwtAlgorithm;
import dev.feedbackwebhooks.domain.key.JwtKey;
import dev.feedbackwebhooks.sender.judge.ExchangeException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Mints the tokens of POSTs (RFC 7519), and uses each again while it is fresh. A signature by a
 * private key takes milliseconds, so it is made in the {@link SigningPool}; an HMAC is made at
 * once.
 */
public final class AuthHeaders {
  /** Beyond this many, tokens are minted anew rather than kept: bounds memory. */
  private static final int CACHED = 20_000;

  /** Parts of a token's lifetime; the last one is left to the request's way and to clock skew. */
  private static final int PARTS = 4;

  /** An endpoint that refuses every token must not have us sign for every attempt. */
  private static final Duration BETWEEN_REFUSALS = Duration.ofSeconds(60);

  private static final CompletableFuture<Optional<String>> NONE =
      CompletableFuture.completedFuture(Optional.empty());

  private final InstantSource clock;
  private final SigningPool pool;
  private final ConcurrentMap<Key, Signer> signers = new ConcurrentHashMap<>();
  private final ConcurrentMap<Key, Token> tokens = new ConcurrentHashMap<>();

  private record Key(long configId, long version) {}

  /** A key, parsed or about to be. */
  private record Signer(JwtKey key, CompletableFuture<JWSSigner> ready) {}

  /**
   * A token, minted or about to be.
   *
   * @param refusalAt when it took the place of one that was refused
   */
  private record Token(
      CompletableFuture<Optional<String>> header, Instant staleAt, Instant refusalAt) {
    boolean isFresh(Instant now) {
      return now.isBefore(staleAt) && !header.isCompletedExceptionally();
    }

    boolean isThis(String value) {
      return header.isDone()
          && !header.isCompletedExceptionally()
          && header.join().filter(value::equals).isPresent();
    }
  }

  public AuthHeaders(InstantSource clock, SigningPool pool) {
    this.clock = clock;
    this.pool = pool;
  }

  /**
   * The value of {@code Authorization}; empty without authentication. Fails with {@link
   * ExchangeException} if the key cannot sign.
   */
  public CompletionStage<Optional<String>> of(WebhookConfig config, Payload body) {
    return switch (config.authentication()) {
      case EndpointAuth.None _ -> NONE;
      case EndpointAuth.Jwt jwt ->
          jwt.bodyHash() ? header(config, jwt, clock.instant(), body) : token(config, jwt);
    };
  }

  /** The endpoint did not want this token: the next attempt carries another, but not each. */
  public void refused(WebhookConfig config, String header) {
    Instant now = clock.instant();
    if (config.authentication() instanceof EndpointAuth.Jwt jwt) {
      tokens.computeIfPresent(
          key(config),
          (_, token) ->
              token.isThis(header) && !now.isBefore(token.refusalAt().plus(BETWEEN_REFUSALS))
                  ? mint(config, jwt, now, now)
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
                    : mint(config, jwt, now, kept == null ? Instant.EPOCH : kept.refusalAt()))
        .header();
  }

  private Token mint(WebhookConfig config, EndpointAuth.Jwt jwt, Instant now, Instant refusalAt) {
    Instant staleAt = now.plus(jwt.lifetime()).minus(jwt.lifetime().dividedBy(PARTS));
    Instant change = jwt.keys().nextChange(now);
    return new Token(
        header(config, jwt, now, null),
        change != null && change.isBefore(staleAt) ? change : staleAt,
        refusalAt);
  }

  /**
   * @param body what the token is for alone; null if it is for any POST
   */
  private CompletableFuture<Optional<String>> header(
      WebhookConfig config, EndpointAuth.Jwt jwt, Instant now, @Nullable Payload body) {
    JwtKey key = jwt.keys().signing(now);
    return signer(config, key)
        .thenCompose(signer ->
            made(key, () -> Optional.of("Bearer " + sign(key, claims(jwt, now, body), signer))));
  }

  /** Makes what takes the key: an HMAC here, everything else in the pool. */
  private <T> CompletableFuture<T> made(JwtKey key, Supplier<T> work) {
    return key.algorithm().family() == JwtAlgorithm.Family.HMAC
        ? CompletableFuture.completedFuture(key).thenApply(_ -> work.get())
        : pool.submit(key, work);
  }

  private CompletableFuture<JWSSigner> signer(WebhookConfig config, JwtKey key) {
    if (signers.size() >= CACHED) {
      signers.clear();
    }
    return signers
        .compute(
            key(config),
            (_, kept) ->
                kept != null && kept.key().equals(key) && !kept.ready().isCompletedExceptionally()
                    ? kept
                    : new Signer(key, made(key, () -> parsed(key))))
        .ready();
  }

  private static JWTClaimsSet claims(EndpointAuth.Jwt jwt, Instant now, @Nullable Payload body) {
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
    if (body != null) {
      claims.claim(EndpointAuth.BODY_HASH, Hashing.sha256().hashBytes(body.bytes()).toString());
    }
    return claims
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plus(jwt.lifetime())))
        .jwtID(UUID.randomUUID().toString())
        .build();
  }

  private static String sign(JwtKey key, JWTClaimsSet claims, JWSSigner signer) {
    JWSHeader header =
        new JWSHeader.Builder(TokenSigner.algorithm(key.algorithm()))
            .type(JOSEObjectType.JWT)
            .keyID(key.id())
            .build();
    SignedJWT token = new SignedJWT(header, claims);
    try {
      token.sign(signer);
      return token.serialize();
    } catch (JOSEException e) {
      throw unfit(e);
    }
  }

  private static JWSSigner parsed(JwtKey key) {
    try {
      return TokenSigner.of(key);
    } catch (InvalidKeyException e) {
      // The message is ours: which rule the key breaks.
      throw new ExchangeException(
          AttemptFailure.SIGNING_FAILED, "the configured key " + e.getMessage(), e);
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
