package dev.feedbackwebhooks.app.journey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWKSet;
import dev.feedbackwebhooks.proto.v1.AuditActor;
import dev.feedbackwebhooks.proto.v1.AuditAuthentication;
import dev.feedbackwebhooks.proto.v1.ClientCertificate;
import dev.feedbackwebhooks.proto.v1.CreateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.GetWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.ListAuditRecordsRequest;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsJourneyTest {
  @TempDir Path directory;

  @Test
  void aClientCaLetsInItsOwnAndNobodyElse() throws Exception {
    X509Bundle ca = authority("CN=callers");
    X509Bundle own = ca(ca, "CN=pipeline");
    X509Bundle stranger = ca(authority("CN=strangers"), "CN=pipeline");
    X509Bundle self = authority("CN=localhost");
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server =
            RunningServer.start(
                directory,
                endpoint,
                "--tls-cert=" + write("server.pem", self.getCertificatePathPEM()),
                "--tls-key=" + write("server.key", self.getPrivateKeyPEM()),
                "--tls-client-ca=" + write("callers.pem", ca.getCertificatePathPEM()))) {
      File trusted = directory.resolve("server.pem").toFile();
      assertThat(health(server, credentials(trusted, own))).isEqualTo(Status.Code.OK);
      assertThat(health(server, credentials(trusted, stranger))).isEqualTo(Status.Code.UNAVAILABLE);
      ChannelCredentials nameless =
          TlsChannelCredentials.newBuilder().trustManager(trusted).build();
      assertThat(health(server, nameless)).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(health(server.channel())).as("in the clear").isEqualTo(Status.Code.UNAVAILABLE);
    }
  }

  @Test
  void auditRecordsTellWhoseCertificateWasShownBesideAnyToken() throws Exception {
    X509Bundle ca = authority("CN=callers");
    X509Bundle own = ca(ca, "CN=pipeline,O=acme");
    X509Bundle self = authority("CN=localhost");
    Tokens issuer = new Tokens("k");
    Path jwks = write("jwks.json", new JWKSet(issuer.key().toPublicJWK()).toString());
    String[] tls = {
      "--tls-cert=" + write("server.pem", self.getCertificatePathPEM()),
      "--tls-key=" + write("server.key", self.getPrivateKeyPEM()),
      "--tls-client-ca=" + write("callers.pem", ca.getCertificatePathPEM())
    };
    File trusted = directory.resolve("server.pem").toFile();
    ClientCertificate shown =
        ClientCertificate.newBuilder()
            .setSubject("CN=pipeline,O=acme")
            .setIssuer("CN=callers")
            .setSerialNumber(own.getCertificate().getSerialNumber().toString(16))
            .build();
    try (Endpoint endpoint = Endpoint.start(directory)) {
      try (RunningServer server = RunningServer.start(directory, endpoint, tls)) {
        AuditActor certificate =
            creator(server, credentials(trusted, own), endpoint.url("/"), "a", null);
        assertThat(certificate)
            .isEqualTo(
                AuditActor.newBuilder()
                    .setAuthentication(AuditAuthentication.AUDIT_AUTHENTICATION_CERTIFICATE)
                    .setSubject(shown.getSubject())
                    .setIssuer(shown.getIssuer())
                    .setCertificate(shown)
                    .build());
      }
      String[] both =
          Stream.concat(
                  Stream.of(tls),
                  Stream.of(
                      "--auth=jwt", "--auth-jwks=" + jwks, "--auth-audience=" + Tokens.AUDIENCE))
              .toArray(String[]::new);
      try (RunningServer server = RunningServer.start(directory, endpoint, both)) {
        Bearer token = new Bearer(issuer.token("configs.write audit.read", "b"));
        assertThat(creator(server, credentials(trusted, own), endpoint.url("/"), "b", token))
            .isEqualTo(
                AuditActor.newBuilder()
                    .setAuthentication(AuditAuthentication.AUDIT_AUTHENTICATION_TOKEN)
                    .setSubject("test")
                    .setIssuer(Tokens.ISSUER)
                    .setCertificate(shown)
                    .build());
      }
    }
  }

  @Test
  void beyondThisMachineItServesWithTlsAndTokens() throws Exception {
    X509Bundle self = authority("CN=localhost");
    Tokens issuer = new Tokens("k");
    Path jwks = write("jwks.json", new JWKSet(issuer.key().toPublicJWK()).toString());
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server =
            RunningServer.startAt(
                "0.0.0.0:0",
                directory,
                endpoint,
                "--ops-address=0.0.0.0:0",
                "--tls-cert=" + write("server.pem", self.getCertificatePathPEM()),
                "--tls-key=" + write("server.key", self.getPrivateKeyPEM()),
                "--auth=jwt",
                "--auth-jwks=" + jwks,
                "--auth-audience=" + Tokens.AUDIENCE)) {
      File trusted = directory.resolve("server.pem").toFile();
      ManagedChannel channel =
          Grpc.newChannelBuilder(
                  server.grpc(), TlsChannelCredentials.newBuilder().trustManager(trusted).build())
              .overrideAuthority("localhost")
              .build();
      try {
        Api api = new Api(channel);
        assertThat(read(api)).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(read(api.as(new Bearer(issuer.token("configs.read", "*")))))
            .isEqualTo(Status.Code.NOT_FOUND);
        assertThat(health(server.channel())).as("in the clear").isEqualTo(Status.Code.UNAVAILABLE);
        assertOperatorsPort(self, server.ops().replace("127.0.0.1", "localhost"));
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private static void assertOperatorsPort(X509Bundle trusted, String clear) throws Exception {
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(null, trusted.toTrustManagerFactory().getTrustManagers(), null);
    HttpResponse.BodyHandler<String> text = HttpResponse.BodyHandlers.ofString();
    try (HttpClient client = HttpClient.newBuilder().sslContext(tls).build()) {
      URI ready = URI.create(clear.replace("http:", "https:") + "/readyz");
      assertThat(client.send(HttpRequest.newBuilder(ready).build(), text).body())
          .isEqualTo("ready\n");
      HttpRequest inTheClear = HttpRequest.newBuilder(URI.create(clear + "/readyz")).build();
      assertThatThrownBy(() -> client.send(inTheClear, text)).isInstanceOf(IOException.class);
    }
  }

  private static Status.Code read(Api api) {
    return Refusal.of(() ->
            api.configs.getWebhookConfig(
                GetWebhookConfigRequest.newBuilder().setName(Api.CONFIG).build()))
        .code();
  }

  @Test
  void beyondThisMachineItServesInTheClearIfToldSo() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server =
            RunningServer.startAt("0.0.0.0:0", directory, endpoint, "--insecure")) {
      assertThat(health(server.channel())).isEqualTo(Status.Code.OK);
    }
  }

  /** Creates a configuration, and answers who did by its record. */
  private static AuditActor creator(
      RunningServer server,
      ChannelCredentials credentials,
      String url,
      String organization,
      @Nullable Bearer token) {
    String parent = "organizations/" + organization + "/sandboxes/prod";
    ManagedChannel channel =
        Grpc.newChannelBuilder(server.grpc(), credentials).overrideAuthority("localhost").build();
    try {
      Api api = token == null ? new Api(channel) : new Api(channel).as(token);
      var _ =
          api.configs.createWebhookConfig(
              CreateWebhookConfigRequest.newBuilder()
                  .setParent(parent)
                  .setWebhookConfig(Api.config(url))
                  .build());
      return api.audit
          .listAuditRecords(ListAuditRecordsRequest.newBuilder().setParent(parent).build())
          .getAuditRecords(0)
          .getActor();
    } finally {
      channel.shutdownNow();
    }
  }

  private static X509Bundle authority(String name) throws Exception {
    return new CertificateBuilder()
        .subject(name)
        .addSanDnsName("localhost")
        .setIsCertificateAuthority(true)
        .buildSelfSigned();
  }

  private static X509Bundle ca(X509Bundle issuer, String name) throws Exception {
    return new CertificateBuilder().subject(name).buildIssuedBy(issuer);
  }

  private Path write(String name, String text) throws Exception {
    return Files.writeString(directory.resolve(name), text);
  }

  private ChannelCredentials credentials(File trusted, X509Bundle client) throws Exception {
    return TlsChannelCredentials.newBuilder()
        .trustManager(trusted)
        .keyManager(
            write("client.pem", client.getCertificatePathPEM()).toFile(),
            write("client.key", client.getPrivateKeyPEM()).toFile())
        .build();
  }

  private static Status.Code health(RunningServer server, ChannelCredentials credentials) {
    ManagedChannel channel =
        Grpc.newChannelBuilder(server.grpc(), credentials).overrideAuthority("localhost").build();
    try {
      return health(channel);
    } finally {
      channel.shutdownNow();
    }
  }

  private static Status.Code health(ManagedChannel channel) {
    try {
      var _ = HealthGrpc.newBlockingStub(channel).check(HealthCheckRequest.getDefaultInstance());
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }
}
