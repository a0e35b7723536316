package dev.feedbackwebhooks.sender.http;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** A CA that the sender under test trusts, and certificates of it. */
public record Certificates(X509Bundle ca, Path caFile) {
  public static Certificates in(Path directory) throws Exception {
    X509Bundle ca =
        new CertificateBuilder()
            .subject("CN=Test CA")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    Path file = directory.resolve("ca.pem");
    Files.writeString(file, ca.getCertificatePEM());
    return new Certificates(ca, file);
  }

  public X509Bundle good() throws Exception {
    return builder().addSanIpAddress("127.0.0.1").buildIssuedBy(ca);
  }

  X509Bundle goodV6() throws Exception {
    return builder().addSanIpAddress("::1").buildIssuedBy(ca);
  }

  X509Bundle named(String name) throws Exception {
    return builder().addSanDnsName(name).buildIssuedBy(ca);
  }

  X509Bundle expired() throws Exception {
    Instant now = Instant.now();
    return builder()
        .addSanIpAddress("127.0.0.1")
        .notBefore(now.minus(Duration.ofDays(3)))
        .notAfter(now.minus(Duration.ofDays(1)))
        .buildIssuedBy(ca);
  }

  static X509Bundle selfSigned() throws Exception {
    return builder().addSanIpAddress("127.0.0.1").setIsCertificateAuthority(true).buildSelfSigned();
  }

  private static CertificateBuilder builder() {
    return new CertificateBuilder().subject("CN=endpoint");
  }
}
