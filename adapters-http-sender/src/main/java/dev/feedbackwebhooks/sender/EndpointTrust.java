package dev.feedbackwebhooks.sender;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whose certificates endpoints may show: the system's CAs, and the operator's. */
final class EndpointTrust {
  private EndpointTrust() {}

  /**
   * @throws IllegalArgumentException if the file holds no certificate; the message is fit for an
   *     operator
   */
  static X509TrustManager with(Optional<Path> extraCas) {
    try {
      X509TrustManager system = trustManager(null);
      if (extraCas.isEmpty()) {
        return system;
      }
      List<Certificate> trusted = new ArrayList<>(Arrays.asList(system.getAcceptedIssuers()));
      trusted.addAll(read(extraCas.get()));
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (int i = 0; i < trusted.size(); i++) {
        store.setCertificateEntry("ca-" + i, trusted.get(i));
      }
      return trustManager(store);
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

  private static X509TrustManager trustManager(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        return x509;
      }
    }
    throw new GeneralSecurityException("no X.509 trust manager");
  }
}
