package dev.feedbackwebhooks.domain.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.config.ConfigDraft.JwtDraft;
import dev.feedbackwebhooks.domain.fault.Violations;
import dev.feedbackwebhooks.domain.key.JwtAlgorithm;
import dev.feedbackwebhooks.domain.key.JwtKey;
import dev.feedbackwebhooks.domain.key.Secret;
import dev.feedbackwebhooks.domain.testing.Samples;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** Whatever a customer gives for a token: it is refused with a reason, or can be signed. */
class JwtRulesFuzzTest {
  private static final List<byte[]> KEYS = List.of(key("EC"), key("Ed25519"), key("RSA"));

  @Property(tries = 1_000)
  void anyDraftIsRefusedWithAReasonOrKeepsTheRules(@ForAll("drafts") JwtDraft draft) {
    Violations violations = new Violations();
    EndpointAuth.Jwt jwt =
        new JwtRules(Samples.TRIAL, violations, "jwt").check(draft, Samples.jwt(), Samples.NOW);
    if (jwt == null) {
      assertThat(violations.none()).isFalse();
    } else if (violations.none()) {
      assertThat(jwt.lifetime()).isBetween(JwtRules.SHORTEST, JwtRules.LONGEST);
      JwtKey key = jwt.keys().current();
      assertThat(key.algorithm()).isEqualTo(draft.algorithm());
      assertThat(key.key().material().size())
          .isGreaterThanOrEqualTo(Math.max(32, key.algorithm().leastSecretBytes()));
      assertThat(jwt.additionalClaims()).doesNotContainKeys("iss", "exp", "jti");
      assertThat(key.id()).isNotEqualTo("");
    }
  }

  @Provide
  Arbitrary<JwtDraft> drafts() {
    Arbitrary<String> texts =
        Arbitraries.oneOf(
            Arbitraries.of("", "feedback", "a\u0000", "é😀"),
            Arbitraries.integers().between(0, 300).map("t"::repeat));
    return Combinators.combine(
            Arbitraries.of(JwtAlgorithm.class).optional(),
            secrets(),
            pems(),
            texts,
            texts,
            lifetimes(),
            Arbitraries.integers().between(0, 3))
        .as((algorithm, secret, pem, keyId, issuer, lifetime, claims) ->
            new JwtDraft(
                algorithm.orElse(null),
                secret,
                pem,
                keyId,
                null,
                issuer,
                "",
                "",
                lifetime.orElse(null),
                false,
                claims(claims)));
  }

  private static Arbitrary<Secret> secrets() {
    return Arbitraries.frequencyOf(
        Tuple.of(2, Arbitraries.just(Secret.of(""))),
        Tuple.of(1, Arbitraries.bytes().array(byte[].class).ofMaxSize(1_100).map(Secret::of)));
  }

  /** Good keys, and such with some bytes that are not what they were. */
  private static Arbitrary<Secret> pems() {
    Arbitrary<String> spoiled =
        Combinators.combine(
                Arbitraries.of(KEYS),
                Arbitraries.integers().between(0, 1_300),
                Arbitraries.bytes(),
                Arbitraries.integers().between(0, 3))
            .as((key, at, to, cut) -> pem(spoiled(key, at % key.length, to, cut)));
    return Arbitraries.oneOf(
            Arbitraries.just(""),
            Arbitraries.of(KEYS).map(JwtRulesFuzzTest::pem),
            spoiled,
            Arbitraries.strings().ofMaxLength(100),
            Arbitraries.strings()
                .withChars("AB+/=\n ")
                .ofMaxLength(50)
                .map(body -> pem(body.getBytes(StandardCharsets.US_ASCII))))
        .map(Secret::of);
  }

  private static byte[] spoiled(byte[] key, int at, byte to, int cut) {
    byte[] bytes = Arrays.copyOf(key, cut == 0 ? at : key.length);
    if (cut > 0) {
      bytes[at] = to;
    }
    return bytes;
  }

  private static Arbitrary<Optional<Duration>> lifetimes() {
    return Arbitraries.of(
            Duration.ZERO,
            Duration.ofSeconds(Long.MIN_VALUE),
            Duration.ofSeconds(Long.MAX_VALUE, 999_999_999),
            Duration.ofMinutes(5),
            Duration.ofMinutes(5).plusNanos(1),
            Duration.ofHours(1))
        .optional();
  }

  private static Map<String, @Nullable Object> claims(int which) {
    return switch (which) {
      case 0 -> Map.of();
      case 1 -> Map.of("tier", "gold", "list", List.of(1L, Map.of()));
      case 2 -> Map.of("exp", 1L);
      default -> Map.of("", "x".repeat(5_000));
    };
  }

  private static String pem(byte[] der) {
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(der)
        + "\n-----END PRIVATE KEY-----\n";
  }

  private static byte[] key(String type) {
    try {
      return KeyPairGenerator.getInstance(type).generateKeyPair().getPrivate().getEncoded();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
