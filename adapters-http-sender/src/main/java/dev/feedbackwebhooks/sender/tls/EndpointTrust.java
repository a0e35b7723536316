package dev.feedbackwebhooks.sender.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** The CAs that endpoints' certificates may have: the system's, and the operator's. */
final class EndpointTrust {
  private EndpointTrust() {}

  /**
   * @throws IllegalArgumentException if the file holds no certificate; the message is fit for an
   *     operator
   */
  static X509ExtendedTrustManager with(Optional<Path> extraCas) {
    try {
      Set<X509Certificate> anchors = new LinkedHashSet<>(system());
      if (extraCas.isPresent()) {
        anchors.addAll(read(extraCas.get()));
      }
      PKIXBuilderParameters path =
          new PKIXBuilderParameters(
              anchors.stream().map(ca -> new TrustAnchor(ca, null)).collect(Collectors.toSet()),
              new X509CertSelector());
      path.setRevocationEnabled(false);
      path.addCertPathChecker(new StrengthChecker(anchors));
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(new CertPathTrustManagerParameters(path));
      return new EndpointCertificates(x509(factory), anchors);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          "--egress-ca: "
              + extraCas.map(Path::toString).orElse("the system's CAs")
              + " cannot be read as PEM certificates",
          e);
    }
  }

  private static List<X509Certificate> read(Path pem) throws GeneralSecurityException, IOException {
    try (InputStream in = Files.newInputStream(pem)) {
      List<X509Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (certificates.isEmpty()) {
        throw new IOException("no certificate");
      }
      return certificates;
    }
  }

  private static List<X509Certificate> system() throws GeneralSecurityException {
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init((KeyStore) null);
    return List.of(x509(factory).getAcceptedIssuers());
  }

  private static X509ExtendedTrustManager x509(TrustManagerFactory factory)
      throws GeneralSecurityException {
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager x509) {
        return x509;
      }
    }
    throw new GeneralSecurityException("no X.509 trust manager");
  }
}
