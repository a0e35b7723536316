package dev.feedbackwebhooks.grpc.access;

import dev.feedbackwebhooks.domain.access.Actor;
import io.grpc.Grpc;
import io.grpc.ServerCall;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** The certificates that connections showed; TLS has verified them by then. */
final class ClientCertificates {
  private ClientCertificates() {}

  /** The client certificate of the call's connection; null if it showed none. */
  static Actor.@Nullable Certificate of(ServerCall<?, ?> call) {
    SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
    try {
      return session != null && session.getPeerCertificates()[0] instanceof X509Certificate shown
          ? actor(shown)
          : null;
    } catch (SSLPeerUnverifiedException _) {
      return null;
    }
  }

  private static Actor.Certificate actor(X509Certificate certificate) {
    return new Actor.Certificate(
        certificate.getSubjectX500Principal().getName(),
        certificate.getIssuerX500Principal().getName(),
        certificate.getSerialNumber().toString(16));
  }
}
