package dev.feedbackwebhooks.domain.config;

import dev.feedbackwebhooks.domain.key.JwtKeys;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The authentication of POSTs at the endpoint. */
public sealed interface EndpointAuth {
  /** Not at all. */
  record None() implements EndpointAuth {}

  /**
   * By a JSON Web Token (RFC 7519) in {@code Authorization: Bearer}, minted by us.
   *
   * @param claims the registered claims that the customer chose; absent ones are left out
   * @param lifetime {@code exp - iat}: one minute to one hour
   * @param bodyHash whether each token has {@link #BODY_HASH}, and so is for one POST only
   * @param additionalClaims JSON values: String, Long, Double, Boolean, null, List, Map
   */
  record Jwt(
      JwtKeys keys,
      RegisteredClaims claims,
      Duration lifetime,
      boolean bodyHash,
      Map<String, @Nullable Object> additionalClaims)
      implements EndpointAuth {
    // Not compact: the compiler forgets a type's annotations on a compact constructor's parameters.
    public Jwt(
        JwtKeys keys,
        RegisteredClaims claims,
        Duration lifetime,
        boolean bodyHash,
        Map<String, @Nullable Object> additionalClaims) {
      this.keys = keys;
      this.claims = claims;
      this.lifetime = lifetime;
      this.bodyHash = bodyHash;
      this.additionalClaims = Collections.unmodifiableMap(new LinkedHashMap<>(additionalClaims));
    }
  }

  /** The claim with the SHA-256 of the POST's body, in lower-case hex. */
  String BODY_HASH = "body_sha256";

  /** The claims of RFC 7519 section 4.1 that a customer may set; each at most 255 characters. */
  record RegisteredClaims(
      @Nullable String issuer, @Nullable String subject, @Nullable String audience) {}
}
