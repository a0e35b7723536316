package dev.feedbackwebhooks.sender.tls;

import static dev.feedbackwebhooks.domain.attempt.AttemptFailure.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.sender.http.Http2Endpoint;
import dev.feedbackwebhooks.sender.http.OddCertificates;
import dev.feedbackwebhooks.sender.http.Sending;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.GeneralName;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Certificates that browsers refuse, whatever the JVM makes of them. */
@NullUnmarked
class EndpointCertificatesTest {
  private static final String HOST = "hooks.example";
  private static final GeneralName NAME = new GeneralName(GeneralName.dNSName, HOST);
  private static final GeneralName ADDRESS = new GeneralName(GeneralName.iPAddress, "127.0.0.1");
  private static final GeneralName URI =
      new GeneralName(GeneralName.uniformResourceIdentifier, "https://" + HOST);
  private static final String GOOD = "SHA256withRSA";

  private static KeyPair strong;
  private static KeyPair other;
  private static KeyPair weak;
  private static KeyPair curve;

  @TempDir static Path directory;

  @BeforeAll
  static void keys() throws Exception {
    strong = OddCertificates.rsa(2048);
    other = OddCertificates.rsa(2048);
    weak = OddCertificates.rsa(1024);
    curve = curve("secp256r1");
  }

  private static KeyPair curve(String name) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec(name));
    return generator.generateKeyPair();
  }

  interface Made {
    OddCertificates by(OddCertificates root) throws Exception;
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        refused("no name", TLS_NAME, "has no subjectAltName", ca -> ca.endpoint(other, GOOD)),
        refused("a URI", TLS_NAME, "has no DNS name", ca -> ca.endpoint(other, GOOD, URI)),
        refused("an address", TLS_NAME, "has no DNS name", ca -> ca.endpoint(other, GOOD, ADDRESS)),
        refused(
            "another name",
            TLS_NAME,
            "another name",
            ca -> ca.endpoint(other, GOOD, new GeneralName(GeneralName.dNSName, "b.example"))),
        refused(
            "1024 bits",
            TLS_WEAK_CERTIFICATE,
            "the certificate has an RSA key of 1024 bits: 2048 at least",
            ca -> ca.endpoint(weak, GOOD, NAME)),
        refused(
            "SHA-1",
            TLS_WEAK_CERTIFICATE,
            "the certificate is signed with SHA-1",
            ca -> ca.endpoint(other, "SHA1withRSA", NAME)),
        refused(
            "SHA-1 in PSS",
            TLS_WEAK_CERTIFICATE,
            "the certificate is signed with SHA-1",
            ca -> ca.endpoint(other, "SHA1withRSAandMGF1", NAME)),
        refused(
            "SHA-1 with ECDSA",
            TLS_WEAK_CERTIFICATE,
            "the certificate is signed with SHA-1",
            ca -> ca.intermediate(curve, GOOD).endpoint(other, "SHA1withECDSA", NAME)),
        refused(
            "MD5",
            TLS_WEAK_CERTIFICATE,
            "the certificate is signed with MD5",
            ca -> ca.endpoint(other, "MD5withRSA", NAME)),
        refused(
            "an intermediate of 1024 bits",
            TLS_WEAK_CERTIFICATE,
            "a CA certificate in its chain has an RSA key of 1024 bits",
            ca -> ca.intermediate(weak, GOOD).endpoint(other, GOOD, NAME)),
        refused(
            "an intermediate with SHA-1",
            TLS_WEAK_CERTIFICATE,
            "a CA certificate in its chain is signed with SHA-1",
            ca -> ca.intermediate(curve, "SHA1withRSA").endpoint(other, "SHA256withECDSA", NAME)));
  }

  private static Arguments refused(String name, AttemptFailure why, String detail, Made chain) {
    return Arguments.argumentSet(name, why, detail, chain);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void areRefusedByNameAndNoRequestIsMade(AttemptFailure why, String detail, Made chain)
      throws Exception {
    OddCertificates root = OddCertificates.root(strong, GOOD);
    assertRefused(root, chain.by(root), why, detail);
  }

  @Test
  void aWeakAnchorIsRefusedByItsKey() throws Exception {
    OddCertificates root = OddCertificates.root(weak, GOOD);
    assertRefused(
        root,
        root.endpoint(other, GOOD, NAME),
        TLS_WEAK_CERTIFICATE,
        "a CA certificate in its chain has an RSA key of 1024 bits");
  }

  @Test
  void aCertificateThatIsTrustedForItselfMustBeStrongAndNamed() throws Exception {
    OddCertificates itself = OddCertificates.root(weak, GOOD);
    assertRefused(itself, itself, TLS_WEAK_CERTIFICATE, "the certificate has an RSA key");
  }

  @Test
  void anAnchorsOwnSignatureCountsForNothing() throws Exception {
    OddCertificates root = OddCertificates.root(strong, "SHA1withRSA");
    assertThat(sent(root, root.endpoint(other, GOOD, NAME)))
        .isEqualTo(new AttemptResult.Accepted(204));
  }

  @Test
  void whatIsNotTrustedIsNotWeakFirst() throws Exception {
    OddCertificates stranger = OddCertificates.root(other, GOOD);
    assertRefused(
        OddCertificates.root(strong, GOOD),
        stranger.endpoint(weak, GOOD, NAME),
        TLS_UNTRUSTED,
        "issuer is not trusted");
  }

  private static void assertRefused(
      OddCertificates root, OddCertificates chain, AttemptFailure why, String detail)
      throws Exception {
    assertThat(sent(root, chain))
        .isInstanceOfSatisfying(
            AttemptResult.Retryable.class,
            result -> {
              assertThat(result.failure()).as(result.detail()).isEqualTo(why);
              assertThat(result.detail()).contains(detail);
            });
  }

  private static AttemptResult sent(OddCertificates root, OddCertificates chain) throws Exception {
    Path file = Files.writeString(directory.resolve("ca.pem"), root.pem());
    try (Sending sending = new Sending(file);
        Http2Endpoint endpoint = Http2Endpoint.start(chain.shown(), post -> post.answer(204))) {
      sending.namesLeadTo("127.0.0.1");
      AttemptResult result = sending.send(Sending.config(HOST, endpoint.port()), 1);
      assertThat(endpoint.posts()).hasSize(result instanceof AttemptResult.Accepted ? 1 : 0);
      return result;
    }
  }
}
