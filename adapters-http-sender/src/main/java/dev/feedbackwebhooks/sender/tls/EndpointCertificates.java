package dev.feedbackwebhooks.sender.tls;

import static dev.feedbackwebhooks.domain.attempt.AttemptFailure.TLS_NAME;
import static dev.feedbackwebhooks.domain.attempt.AttemptFailure.TLS_UNTRUSTED;
import static dev.feedbackwebhooks.domain.attempt.AttemptFailure.TLS_WEAK_CERTIFICATE;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.sender.egress.EgressGuard;
import dev.feedbackwebhooks.sender.judge.ExchangeException;
import dev.feedbackwebhooks.sender.judge.FailureJudge;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.security.auth.x500.X500Principal;

/**
 * The judge of what endpoints show: the JDK's rules, and ours on top of them. A certificate must
 * have a name in its subjectAltName, for the JDK would take its CN where it has none (RFC 9525,
 * section 6.3); and all that it rests on must be strong ({@link StrengthChecker}).
 */
final class EndpointCertificates extends X509ExtendedTrustManager {
  /** The tag of a DNS name in a GeneralName (RFC 5280, section 4.2.1.6). */
  private static final int DNS_NAME = 2;

  private final X509ExtendedTrustManager jdk;
  private final Set<X509Certificate> anchors;

  /**
   * @param jdk validates paths to {@code anchors}, with a {@link StrengthChecker}
   */
  EndpointCertificates(X509ExtendedTrustManager jdk, Set<X509Certificate> anchors) {
    this.jdk = jdk;
    this.anchors = anchors;
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    try {
      jdk.checkServerTrusted(chain, authType, engine);
    } catch (CertificateException e) {
      AttemptFailure why = FailureJudge.failure(e);
      if (why == TLS_NAME) {
        requireOurs(chain[0], engine);
      } else if (why == TLS_UNTRUSTED || why == TLS_WEAK_CERTIFICATE) {
        requireStrength(path(List.of(chain)));
      }
      throw e;
    }
    requireOurs(chain[0], engine);
  }

  /** The leaf may be an anchor itself, of which no path is made. */
  private void requireOurs(X509Certificate leaf, SSLEngine engine) throws CertificateException {
    requireStrength(List.of(leaf));
    requireName(leaf, engine.getPeerHost());
  }

  private static void requireName(X509Certificate leaf, String host) throws CertificateException {
    Collection<List<?>> names = leaf.getSubjectAlternativeNames();
    if (names == null || names.isEmpty()) {
      throw refused(TLS_NAME, "the certificate has no subjectAltName, and its CN is not used");
    }
    if (!EgressGuard.isLiteral(host)
        && names.stream().noneMatch(name -> name.getFirst().equals(DNS_NAME))) {
      throw refused(
          TLS_NAME, "the certificate's subjectAltName has no DNS name, and its CN is not used");
    }
  }

  private void requireStrength(List<X509Certificate> path) throws CertificateException {
    for (X509Certificate certificate : path) {
      Optional<String> weakness =
          anchors.contains(certificate)
              ? StrengthChecker.weakKey(certificate)
              : StrengthChecker.weakness(certificate);
      if (weakness.isPresent()) {
        String which =
            certificate.equals(path.getFirst())
                ? "the certificate "
                : "a CA certificate in its chain ";
        throw refused(TLS_WEAK_CERTIFICATE, which + weakness.get());
      }
    }
  }

  /** From the endpoint's certificate up to an anchor, as the names say; empty if there is none. */
  private List<X509Certificate> path(List<X509Certificate> chain) {
    List<X509Certificate> path = new ArrayList<>(List.of(chain.getFirst()));
    while (!anchors.contains(path.getLast())) {
      X500Principal issuer = path.getLast().getIssuerX500Principal();
      Optional<X509Certificate> next =
          named(issuer, anchors)
              .or(() -> named(issuer, chain.stream().filter(c -> !path.contains(c)).toList()));
      if (next.isEmpty()) {
        return List.of();
      }
      path.add(next.get());
    }
    return path;
  }

  private static Optional<X509Certificate> named(
      X500Principal name, Collection<X509Certificate> among) {
    return among.stream().filter(c -> c.getSubjectX500Principal().equals(name)).findFirst();
  }

  private static CertificateException refused(AttemptFailure why, String detail) {
    return new CertificateException(detail, new ExchangeException(why, detail, null));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw withoutEngine();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw withoutEngine();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw withoutEngine();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw withoutEngine();
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw withoutEngine();
  }

  private static CertificateException withoutEngine() {
    return new CertificateException("certificates of servers only, and with their names");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return jdk.getAcceptedIssuers();
  }
}
