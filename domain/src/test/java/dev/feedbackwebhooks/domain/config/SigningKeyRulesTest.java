package dev.feedbackwebhooks.domain.config;

import static dev.feedbackwebhooks.domain.testing.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.feedbackwebhooks.domain.fault.Violation;
import dev.feedbackwebhooks.domain.fault.Violations;
import dev.feedbackwebhooks.domain.key.JwtAlgorithm;
import dev.feedbackwebhooks.domain.key.JwtKey;
import dev.feedbackwebhooks.domain.key.JwtKeys;
import dev.feedbackwebhooks.domain.key.KeyTrial;
import dev.feedbackwebhooks.domain.key.PrivateKeys;
import dev.feedbackwebhooks.domain.key.Secret;
import dev.feedbackwebhooks.domain.key.SigningKey;
import dev.feedbackwebhooks.domain.testing.HostileKeys;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPrivateKeySpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SigningKeyRulesTest {
  private static final Map<String, JwtKey> HOSTILE = HostileKeys.all();

  static List<String> hostile() {
    return List.copyOf(HOSTILE.keySet());
  }

  /** Whether it is given, or was stored before there were these rules. */
  @ParameterizedTest
  @MethodSource("hostile")
  @Timeout(60)
  void aHostileKeyIsRefusedBeforeAnythingIsCalculated(String name) {
    JwtKey key = Objects.requireNonNull(HOSTILE.get(name));
    String pem = HostileKeys.pem(key.key().material().reveal());
    assertThat(refused(key.algorithm(), pem, _ -> neverTried()))
        .containsExactly("jwt.private_key_pem");
    assertThatThrownBy(() -> PrivateKeys.read(key)).isInstanceOf(InvalidKeyException.class);
  }

  private static boolean neverTried() {
    throw new AssertionError("a hostile key came to be tried");
  }

  @Test
  void whatUsualToolsMakeIsTaken() throws Exception {
    Map<JwtAlgorithm, AlgorithmParameterSpec> kinds =
        Map.of(
            JwtAlgorithm.RS256, new RSAKeyGenParameterSpec(2_048, RSAKeyGenParameterSpec.F0),
            JwtAlgorithm.PS256, new RSAKeyGenParameterSpec(3_072, RSAKeyGenParameterSpec.F4),
            JwtAlgorithm.ES256, new ECGenParameterSpec("secp256r1"),
            JwtAlgorithm.EDDSA, NamedParameterSpec.ED25519);
    for (var kind : kinds.entrySet()) {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(keyType(kind.getKey()));
      generator.initialize(kind.getValue());
      PrivateKey key = generator.generateKeyPair().getPrivate();
      assertThat(refused(kind.getKey(), HostileKeys.pem(key.getEncoded()), _ -> true)).isEmpty();
      JwtKey stored = new JwtKey(kind.getKey(), new SigningKey(Secret.of(key.getEncoded())), null);
      assertThat(PrivateKeys.read(stored)).isEqualTo(key);
    }
  }

  private static String keyType(JwtAlgorithm algorithm) {
    return switch (algorithm.family()) {
      case RSA -> "RSA";
      case EC_P256 -> "EC";
      case ED25519 -> "Ed25519";
      case HMAC -> throw new IllegalArgumentException();
    };
  }

  @Test
  void aKeyThatDoesNotPassItsTrialIsRefused() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
    String pem = HostileKeys.pem(generator.generateKeyPair().getPrivate().getEncoded());
    assertThat(refused(JwtAlgorithm.EDDSA, pem, _ -> false)).containsExactly("jwt.private_key_pem");
    assertThat(refused(JwtAlgorithm.EDDSA, pem, _ -> true)).isEmpty();
  }

  @Test
  void moreThan16KiBOfTextAreNotRead() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
    String pem = HostileKeys.pem(generator.generateKeyPair().getPrivate().getEncoded());
    String padded = pem + "\n".repeat(16 * 1024 - pem.length());
    assertThat(refused(JwtAlgorithm.EDDSA, padded, _ -> true)).isEmpty();
    assertThat(refused(JwtAlgorithm.EDDSA, padded + "\n", _ -> true))
        .containsExactly("jwt.private_key_pem");
  }

  /** It signs, but nobody could be told the public key. */
  @Test
  void anRsaKeyWithoutItsPublicExponentIsRefused() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2_048);
    RSAPrivateKey rsa = (RSAPrivateKey) generator.generateKeyPair().getPrivate();
    PrivateKey bare =
        KeyFactory.getInstance("RSA")
            .generatePrivate(new RSAPrivateKeySpec(rsa.getModulus(), rsa.getPrivateExponent()));
    assertThat(refused(JwtAlgorithm.RS256, HostileKeys.pem(bare.getEncoded()), _ -> true))
        .containsExactly("jwt.private_key_pem");
  }

  /** Nobody may be kept from disabling a configuration by the key in it. */
  @Test
  void aStoredKeyIsKeptUnread() {
    for (JwtKey key : HOSTILE.values()) {
      EndpointAuth.Jwt stored =
          new EndpointAuth.Jwt(
              JwtKeys.of(key),
              new EndpointAuth.RegisteredClaims(null, null, null),
              Duration.ofMinutes(5),
              false,
              Map.of());
      Violations violations = new Violations();
      EndpointAuth.Jwt kept =
          new JwtRules(_ -> neverTried(), violations, "jwt")
              .check(draft(key.algorithm(), ""), stored, NOW);
      assertThat(violations.all()).isEmpty();
      assertThat(Objects.requireNonNull(kept).keys()).isEqualTo(stored.keys());
    }
  }

  private static List<String> refused(JwtAlgorithm algorithm, String pem, KeyTrial trial) {
    Violations violations = new Violations();
    var _ =
        new JwtRules(trial, violations, "jwt")
            .check(draft(algorithm, pem), new EndpointAuth.None(), NOW);
    return violations.all().stream().map(Violation::field).toList();
  }

  private static ConfigDraft.JwtDraft draft(JwtAlgorithm algorithm, String pem) {
    return new ConfigDraft.JwtDraft(
        algorithm, Secret.of(""), Secret.of(pem), "", null, "", "", "", null, false, Map.of());
  }
}
