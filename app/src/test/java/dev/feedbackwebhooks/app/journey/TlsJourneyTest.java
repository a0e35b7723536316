package dev.feedbackwebhooks.app.journey;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.nio.file.Files;
import java.nio.file.Path;
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
