package dev.feedbackwebhooks.grpc.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import com.nimbusds.jwt.proc.ExpiredJWTException;
import dev.feedbackwebhooks.domain.access.Actor;
import dev.feedbackwebhooks.domain.access.Caller;
import dev.feedbackwebhooks.domain.access.Permission;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Verifies callers' access tokens: a JWT (RFC 9068 in spirit, RFC 8725 to the letter) signed by a
 * key of the issuer's set, by the issuer, for our audience, not expired. {@code scope} lists
 * permissions, {@code organizations} and {@code sandboxes} where they hold ("*" for everywhere).
 */
public final class AccessTokens {
  /** The largest difference between the issuer's clock and ours. */
  static final Duration SKEW = Duration.ofSeconds(30);

  private static final String BEARER = "Bearer ";
  private static final String EVERYWHERE = "*";

  /** Asymmetric ones only: a key that verifies must not be one that signs. */
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256);

  /** Plain JWTs, and access tokens that say so (RFC 9068 section 2.1). */
  private static final DefaultJOSEObjectTypeVerifier<SecurityContext> TYPES =
      new DefaultJOSEObjectTypeVerifier<>(
          JOSEObjectType.JWT,
          new JOSEObjectType("at+jwt"),
          new JOSEObjectType("application/at+jwt"),
          null);

  private static final Duration KEYS_RETRY = Duration.ofSeconds(5);

  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  /** The access that a token grants, and until when. */
  record Access(Caller caller, Instant until) {}

  /**
   * @throws IllegalArgumentException if a file of keys cannot be read; the message is fit for an
   *     operator. A URL may be out of reach for now
   */
  public AccessTokens(AuthSettings.Jwt settings, InstantSource clock, ExecutorService background) {
    this(settings, keys(settings.jwks(), clock, background), clock);
  }

  public AccessTokens(AuthSettings.Jwt settings, IssuerKeys keys, InstantSource clock) {
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
    processor.setJWSTypeVerifier(TYPES);
    JWTClaimsSet.Builder exact = new JWTClaimsSet.Builder();
    settings.issuer().ifPresent(exact::issuer);
    DefaultJWTClaimsVerifier<SecurityContext> claims =
        new DefaultJWTClaimsVerifier<>(settings.audience(), exact.build(), Set.of("sub", "exp")) {
          @Override
          protected Date currentTime() {
            return Date.from(clock.instant());
          }
        };
    claims.setMaxClockSkew((int) SKEW.toSeconds());
    processor.setJWTClaimsSetVerifier(claims);
  }

  /**
   * @param authorization the header's value; null without one
   * @param certificate what the connection showed besides; null for none
   * @throws Fault.Unauthenticated for any token that is not good; says of one that the issuer
   *     signed which claim has a wrong form
   * @throws Fault.Unavailable if the issuer's keys cannot be had
   */
  Access verify(@Nullable String authorization, Actor.@Nullable Certificate certificate) {
    if (authorization == null
        || !authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw new Fault.Unauthenticated("send one access token: authorization: Bearer <token>");
    }
    String token = authorization.substring(BEARER.length()).strip();
    JWTClaimsSet claims = claims(token);
    Date expires = claims.getExpirationTime();
    try {
      return new Access(caller(claims, certificate), expires.toInstant().plus(SKEW));
    } catch (ParseException _) {
      throw bad();
    }
  }

  /** The claims of a valid token; nothing is read of one whose signature is not valid. */
  private JWTClaimsSet claims(String token) {
    try {
      SignedJWT jwt = SignedJWT.parse(token);
      TokenForm.checkHeader(jwt.getParsedParts()[0]);
      JWTClaimsSet claims = processor.process(jwt, null);
      Map<String, Object> members = jwt.getPayload().toJSONObject();
      if (members == null) {
        throw bad();
      }
      TokenForm.checkClaims(members);
      return claims;
    } catch (Fault refusal) {
      throw refusal;
    } catch (KeySourceException _) {
      throw new Fault.Unavailable(
          Reason.KEYS_UNAVAILABLE, "the keys that verify tokens cannot be had now", KEYS_RETRY);
    } catch (ExpiredJWTException _) {
      throw expired();
    } catch (ParseException | BadJOSEException | JOSEException | RuntimeException _) {
      // The library throws some of what it cannot read as it comes: a token is no bug of ours.
      throw bad();
    }
  }

  private static Fault bad() {
    return new Fault.Unauthenticated(
        "the access token is malformed, not valid yet, by another issuer, for another audience, or"
            + " signed by an unknown key: get a new one");
  }

  private static Caller caller(JWTClaimsSet claims, Actor.@Nullable Certificate certificate)
      throws ParseException {
    Set<String> scopes =
        new HashSet<>(
            Arrays.asList(
                Objects.requireNonNullElse(claims.getStringClaim("scope"), "").split(" ", -1)));
    Set<Permission> permissions =
        Arrays.stream(Permission.values())
            .filter(permission -> scopes.contains(permission.scope()))
            .collect(Collectors.toSet());
    Set<String> sandboxes =
        claims.getClaims().containsKey("sandboxes")
            ? names(claims.getStringListClaim("sandboxes"))
            : Set.of(Caller.ANY);
    return new Caller(
        new Actor.Token(claims.getSubject(), claims.getIssuer(), certificate),
        permissions,
        names(claims.getStringListClaim("organizations")),
        sandboxes);
  }

  /** The names of a claim. An entry that is neither a name nor "*" grants nothing. */
  private static Set<String> names(@Nullable List<String> claim) {
    Collection<String> names = Objects.requireNonNullElse(claim, List.of());
    return names.stream()
        .filter(name -> name != null && !name.equals(Caller.ANY))
        .map(name -> name.equals(EVERYWHERE) ? Caller.ANY : name)
        .collect(Collectors.toSet());
  }

  private static IssuerKeys keys(String location, InstantSource clock, ExecutorService background) {
    IssuerKeys keys = new IssuerKeys(KeyDocument.at(location), clock, background);
    if (!KeyDocument.isUrl(location)) {
      try {
        keys.load();
      } catch (KeySourceException e) {
        throw new IllegalArgumentException(
            "--auth-jwks: " + location + " cannot be read as a JWK set", e);
      }
    }
    return keys;
  }

  /** The refusal of one that was good when the call began. */
  public static Fault expired() {
    return new Fault.Unauthenticated("the access token has expired: call again with a new one");
  }
}
