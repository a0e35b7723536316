package dev.feedbackwebhooks.domain.config;

import dev.feedbackwebhooks.domain.config.ConfigDraft.JwtDraft;
import dev.feedbackwebhooks.domain.config.EndpointAuth.RegisteredClaims;
import dev.feedbackwebhooks.domain.fault.Violations;
import dev.feedbackwebhooks.domain.key.JwtAlgorithm;
import dev.feedbackwebhooks.domain.key.JwtKey;
import dev.feedbackwebhooks.domain.key.JwtKeys;
import dev.feedbackwebhooks.domain.key.KeyTrial;
import dev.feedbackwebhooks.domain.key.SigningKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules of token authentication (RFC 7519, RFC 8725 for the strength of keys). */
public final class JwtRules {
  static final Duration DEFAULT_LIFETIME = Duration.ofMinutes(5);
  static final Duration SHORTEST = Duration.ofMinutes(1);
  static final Duration LONGEST = Duration.ofHours(1);

  private static final Duration MOST_AHEAD = Duration.ofDays(7);

  private static final int MAX_CLAIM = 255;
  private static final int MAX_ADDITIONAL = 4 * 1024;
  private static final Set<String> OURS =
      Set.of("iss", "sub", "aud", "exp", "iat", "jti", "nbf", EndpointAuth.BODY_HASH);

  private final KeyTrial trial;
  private final Violations violations;
  private final String field;

  public JwtRules(KeyTrial trial, Violations violations, String field) {
    this.trial = trial;
    this.violations = violations;
    this.field = field;
  }

  /** The authentication, or null where a violation was added. */
  public EndpointAuth.@Nullable Jwt check(JwtDraft draft, EndpointAuth stored, Instant now) {
    checkText("key_id", draft.keyId());
    checkText("issuer", draft.issuer());
    checkText("subject", draft.subject());
    checkText("audience", draft.audience());
    checkAdditional(draft.additionalClaims());
    Duration lifetime = Objects.requireNonNullElse(draft.lifetime(), DEFAULT_LIFETIME);
    violations.require(
        lifetime.compareTo(SHORTEST) >= 0
            && lifetime.compareTo(LONGEST) <= 0
            && lifetime.equals(Duration.ofSeconds(lifetime.toSeconds())),
        field + ".lifetime",
        "must be 60 s to 3600 s, in whole seconds");
    JwtAlgorithm algorithm = draft.algorithm();
    if (algorithm == null) {
      violations.add(field + ".algorithm", "is required: choose one of JwtAlgorithm");
      return null;
    }
    SigningKey key = new SigningKeyRules(trial, violations, field).check(draft, algorithm, stored);
    if (key == null) {
      return null;
    }
    return new EndpointAuth.Jwt(
        keys(draft, new JwtKey(algorithm, key, orNull(draft.keyId())), stored, now),
        new RegisteredClaims(
            orNull(draft.issuer()), orNull(draft.subject()), orNull(draft.audience())),
        lifetime,
        draft.bodyHash(),
        draft.additionalClaims());
  }

  private JwtKeys keys(JwtDraft draft, JwtKey given, EndpointAuth stored, Instant now) {
    JwtKeys keys =
        stored instanceof EndpointAuth.Jwt before
            ? before.keys().exchangedFor(given, draft.signFrom(), now)
            : JwtKeys.of(given);
    if (draft.signFrom() != null) {
      checkFrom(draft.signFrom(), now, keys);
    }
    checkIds(keys);
    return keys;
  }

  private void checkFrom(Instant from, Instant now, JwtKeys keys) {
    violations.require(
        !from.isAfter(now.plus(MOST_AHEAD)),
        field + ".sign_from",
        "is more than " + MOST_AHEAD.toDays() + " days ahead");
    violations.require(
        !from.isAfter(now) || keys.nextChange(now) != null,
        field + ".sign_from",
        "is in the future: that takes a key before and another one, each with a key_id of its own"
            + " (a key without one gets it by an update of key_id alone)");
  }

  private void checkIds(JwtKeys keys) {
    violations.require(
        keys.previous() == null || keys.previous().key().canBeToldFrom(keys.current()),
        field + ".key_id",
        "is that of the key before, which receivers may still know: give another one");
  }

  private void checkText(String name, String value) {
    String at = field + "." + name;
    violations.length(at, value, 0, MAX_CLAIM);
    violations.plain(at, value);
  }

  private void checkAdditional(Map<String, @Nullable Object> claims) {
    String at = field + ".additional_claims";
    for (String name : claims.keySet()) {
      violations.require(
          !OURS.contains(name), at + "." + name, "is set by this service: choose another name");
    }
    violations.require(
        claims.toString().length() <= MAX_ADDITIONAL,
        at,
        "is longer than " + MAX_ADDITIONAL + " characters");
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
