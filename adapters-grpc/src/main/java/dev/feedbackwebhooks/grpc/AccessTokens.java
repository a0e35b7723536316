package dev.feedbackwebhooks.grpc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.feedbackwebhooks.domain.access.Caller;
import dev.feedbackwebhooks.domain.access.Permission;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Verifies callers' access tokens: a JWT (RFC 9068 in spirit) signed by a key of the issuer's set,
 * for our audience, not expired. {@code scope} lists permissions, {@code organizations} where they
 * hold ("*" for everywhere).
 */
final class AccessTokens {
  private static final String BEARER = "Bearer ";

  /** Asymmetric ones only: a key that verifies must not be one that signs. */
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256);

  /** Plain JWTs, and access tokens that say so (RFC 9068 section 2.1). */
  private static final DefaultJOSEObjectTypeVerifier<SecurityContext> TYPES =
      new DefaultJOSEObjectTypeVerifier<>(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null);

  private static final Duration KEYS_RETRY = Duration.ofSeconds(5);

  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  /**
   * @throws IllegalArgumentException if the keys cannot be read; the message is fit for an operator
   */
  AccessTokens(AuthSettings.Jwt settings, InstantSource clock) {
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(ALGORITHMS, keys(settings.jwks())));
    processor.setJWSTypeVerifier(TYPES);
    processor.setJWTClaimsSetVerifier(
        new DefaultJWTClaimsVerifier<>(settings.audience(), null, Set.of("sub", "exp")) {
          @Override
          protected Date currentTime() {
            return Date.from(clock.instant());
          }
        });
  }

  /**
   * @param authorization the header's value; null without one
   * @throws Fault.Unauthenticated for any token that is not good; never says which part was bad
   * @throws Fault.Unavailable if the issuer's keys cannot be had
   */
  Caller verify(@Nullable String authorization) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw new Fault.Unauthenticated("send an access token: authorization: Bearer <token>");
    }
    try {
      return caller(processor.process(authorization.substring(BEARER.length()).strip(), null));
    } catch (KeySourceException _) {
      throw new Fault.Unavailable(
          Reason.KEYS_UNAVAILABLE, "the keys that verify tokens cannot be had now", KEYS_RETRY);
    } catch (ParseException | BadJOSEException | JOSEException _) {
      throw new Fault.Unauthenticated(
          "the access token is malformed, expired, for another audience, or signed by an unknown"
              + " key: get a new one");
    }
  }

  private static Caller caller(JWTClaimsSet claims) throws ParseException {
    Set<String> scopes =
        new HashSet<>(
            Arrays.asList(
                Objects.requireNonNullElse(claims.getStringClaim("scope"), "").split(" ", -1)));
    Set<Permission> permissions =
        Arrays.stream(Permission.values())
            .filter(permission -> scopes.contains(permission.scope()))
            .collect(Collectors.toSet());
    List<String> organizations =
        Objects.requireNonNullElse(claims.getStringListClaim("organizations"), List.of());
    return new Caller(
        claims.getSubject(),
        permissions,
        organizations.stream()
            .filter(name -> !name.equals(Caller.ANY))
            .map(name -> name.equals("*") ? Caller.ANY : name)
            .collect(Collectors.toSet()));
  }

  private static JWKSource<SecurityContext> keys(String location) {
    try {
      if (location.startsWith("https://")) {
        return JWKSourceBuilder.create(URI.create(location).toURL()).retrying(true).build();
      }
      return new ImmutableJWKSet<>(JWKSet.load(Path.of(location).toFile()));
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("--auth-jwks: " + location + " is no URL", e);
    } catch (IOException | ParseException e) {
      throw new IllegalArgumentException(
          "--auth-jwks: " + location + " cannot be read as a JWK set", e);
    }
  }
}
