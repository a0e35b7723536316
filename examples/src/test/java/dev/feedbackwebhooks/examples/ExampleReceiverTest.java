package dev.feedbackwebhooks.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpsServer;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExampleReceiverTest {
  @TempDir Path directory;

  @Test
  void takesWhatIsSignedWithTheSecretAndNothingElse() throws Exception {
    ReceiverCertificate certificate = ReceiverCertificate.in(directory);
    HttpsServer server = new ExampleReceiver().at(0).start(certificate);
    try (HttpClient client =
        HttpClient.newBuilder().sslContext(trusting(certificate.pem())).build()) {
      URI uri = URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/feedback");
      assertThat(post(client, uri, token(Main.DEMO_SECRET, 60))).isEqualTo(204);
      assertThat(post(client, uri, token(Main.DEMO_SECRET, 60))).isEqualTo(204);
      assertThat(post(client, uri, token(Main.DEMO_SECRET, -60))).isEqualTo(401);
      assertThat(post(client, uri, token("another-secret-another-secret-another", 60)))
          .isEqualTo(401);
      assertThat(post(client, uri, "nonsense")).isEqualTo(401);
    } finally {
      server.stop(0);
    }
  }

  private static int post(HttpClient client, URI uri, String token) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .header("authorization", "Bearer " + token)
            .header("webhook-id", "1")
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private static String token(String secret, int seconds) throws Exception {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader(JWSAlgorithm.HS256),
            new JWTClaimsSet.Builder()
                .expirationTime(Date.from(Instant.now().plusSeconds(seconds)))
                .build());
    token.sign(new MACSigner(secret));
    return token.serialize();
  }

  private static SSLContext trusting(Path pem) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream in = Files.newInputStream(pem)) {
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    return tls;
  }
}
