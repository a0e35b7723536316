package dev.feedbackwebhooks.domain.config;

import static dev.feedbackwebhooks.domain.testing.Samples.NOW;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.fault.Violation;
import dev.feedbackwebhooks.domain.fault.Violations;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.RSAPrivateKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SigningKeyRulesTest {
  /** It signs, but nobody could be told the public key. */
  @Test
  void anRsaKeyWithoutItsPublicExponentIsRefused() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2_048);
    PrivateKey whole = generator.generateKeyPair().getPrivate();
    assertThat(refused(whole)).isEmpty();
    RSAPrivateKey rsa = (RSAPrivateKey) whole;
    PrivateKey bare =
        KeyFactory.getInstance("RSA")
            .generatePrivate(new RSAPrivateKeySpec(rsa.getModulus(), rsa.getPrivateExponent()));
    assertThat(refused(bare)).containsExactly("jwt.private_key_pem");
  }

  private static List<String> refused(PrivateKey key) {
    String pem =
        "-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(key.getEncoded())
            + "\n-----END PRIVATE KEY-----\n";
    Violations violations = new Violations();
    var _ =
        new JwtRules(violations, "jwt")
            .check(
                new ConfigDraft.JwtDraft(
                    JwtAlgorithm.RS256,
                    Secret.of(""),
                    Secret.of(pem),
                    "",
                    null,
                    "",
                    "",
                    "",
                    null,
                    false,
                    Map.of()),
                new EndpointAuth.None(),
                NOW);
    return violations.all().stream().map(Violation::field).toList();
  }
}
