package dev.feedbackwebhooks.sender.http;

import static dev.feedbackwebhooks.domain.attempt.AttemptFailure.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.attempt.AttemptResult.Accepted;
import dev.feedbackwebhooks.domain.attempt.AttemptResult.Retryable;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.GeneralName;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What endpoints show and ask for in the handshake. */
@NullUnmarked
class TlsHandshakesTest {
  private static final String FINE = "HTTP/1.1 204 No Content\r\n\r\n";
  private static final GeneralName ADDRESS = new GeneralName(GeneralName.iPAddress, "127.0.0.1");

  @TempDir static Path directory;
  private static OddCertificates root;
  private static Path caFile;
  private static X509Bundle plain;

  @BeforeAll
  static void make() throws Exception {
    root = OddCertificates.root(OddCertificates.rsa(2048), "SHA256withRSA");
    caFile = Files.writeString(directory.resolve("ca.pem"), root.pem());
    plain = root.endpoint(OddCertificates.rsa(2048), "SHA256withRSA", ADDRESS).shown();
  }

  static Stream<Arguments> keys() {
    return Stream.of(
        key("Ed25519", "Ed25519", null),
        key("Ed448", "Ed448", null),
        key("P-384", "EC", new ECGenParameterSpec("secp384r1")),
        key("P-521", "EC", new ECGenParameterSpec("secp521r1")),
        key(
            "RSASSA-PSS",
            "RSASSA-PSS",
            new RSAKeyGenParameterSpec(2048, RSAKeyGenParameterSpec.F4)));
  }

  private static Arguments key(
      String name, String algorithm, @Nullable AlgorithmParameterSpec parameters) {
    return Arguments.argumentSet(name, algorithm, parameters);
  }

  @ParameterizedTest
  @MethodSource("keys")
  void keysOfEveryKindAreVerified(String algorithm, @Nullable AlgorithmParameterSpec parameters)
      throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (parameters != null) {
      generator.initialize(parameters);
    }
    KeyPair keys = generator.generateKeyPair();
    X509Bundle shown = root.endpoint(keys, "SHA256withRSA", ADDRESS).shown();
    for (String version : new String[] {"TLSv1.2", "TLSv1.3"}) {
      try (Sending sending = new Sending(caFile);
          RawEndpoint endpoint = RawEndpoint.tls(shown, RawEndpoint.text(FINE), version)) {
        assertThat(sending.send(endpoint.port())).as(version).isEqualTo(new Accepted(204));
        assertThat(sending.send(endpoint.port())).as("again").isEqualTo(new Accepted(204));
        assertThat(endpoint.requests()).hasSize(2);
      }
    }
  }

  @Test
  void whatJavaVerifiesIsJudgedLikeEverythingElse() throws Exception {
    KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    X509Bundle stranger =
        OddCertificates.root(OddCertificates.rsa(2048), "SHA256withRSA")
            .endpoint(keys, "SHA256withRSA", ADDRESS)
            .shown();
    X509Bundle nameless = root.endpoint(keys, "SHA256withRSA").shown();
    try (Sending sending = new Sending(caFile);
        RawEndpoint untrusted = RawEndpoint.tls(stranger, RawEndpoint.text(FINE));
        RawEndpoint unnamed = RawEndpoint.tls(nameless, RawEndpoint.text(FINE))) {
      assertThat(retryable(sending.send(untrusted.port())).failure()).isEqualTo(TLS_UNTRUSTED);
      assertThat(retryable(sending.send(unnamed.port())).failure()).isEqualTo(TLS_NAME);
      assertThat(untrusted.requests()).isEmpty();
      assertThat(unnamed.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"TLSv1.2,RSA", "TLSv1.3,RSA", "TLSv1.2,Ed25519", "TLSv1.3,Ed25519"})
  void anEndpointThatWantsAClientCertificateIsKnownForIt(String version, String key)
      throws Exception {
    X509Bundle shown =
        key.equals("RSA")
            ? plain
            : root.endpoint(
                    KeyPairGenerator.getInstance(key).generateKeyPair(), "SHA256withRSA", ADDRESS)
                .shown();
    try (Sending sending = new Sending(caFile);
        RawEndpoint endpoint = RawEndpoint.asking(shown, RawEndpoint.text(FINE), version, true)) {
      assertWantsCertificate(sending.send(endpoint.port()));
      assertThat(endpoint.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"TLSv1.2", "TLSv1.3"})
  void soIsOneThatSpeaksHttp2(String version) throws Exception {
    try (Sending sending = new Sending(caFile);
        Http2Endpoint endpoint =
            Http2Endpoint.ofClientsWithCertificates(plain, version, post -> post.answer(204))) {
      assertWantsCertificate(sending.send(endpoint.port()));
      assertThat(endpoint.posts()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"TLSv1.2", "TLSv1.3"})
  void soIsOneThatSaysItByAnAnswer(String version) throws Exception {
    String refusal = "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n";
    try (Sending sending = new Sending(caFile);
        RawEndpoint endpoint =
            RawEndpoint.asking(plain, RawEndpoint.text(refusal), version, false);
        RawEndpoint content = RawEndpoint.asking(plain, RawEndpoint.text(FINE), version, false)) {
      assertThat(sending.send(endpoint.port()))
          .isEqualTo(
              new AttemptResult.Refused(
                  400,
                  "HTTP 400; the endpoint asks for a client certificate, which this service does"
                      + " not send"));
      assertThat(sending.send(content.port())).isEqualTo(new Accepted(204));
    }
  }

  private static void assertWantsCertificate(AttemptResult result) {
    assertThat(retryable(result).failure())
        .as(retryable(result).detail())
        .isEqualTo(TLS_CLIENT_CERTIFICATE);
    assertThat(retryable(result).detail())
        .isEqualTo("the endpoint asks for a client certificate, which this service does not send");
  }

  private static Retryable retryable(AttemptResult result) {
    assertThat(result).isInstanceOf(Retryable.class);
    return (Retryable) result;
  }
}
