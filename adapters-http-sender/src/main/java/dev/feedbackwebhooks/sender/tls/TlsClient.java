package dev.feedbackwebhooks.sender.tls;

import dev.feedbackwebhooks.sender.egress.Destination;
import io.netty.channel.Channel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS as it is spoken with endpoints: by BoringSSL, which is fast, or by Java, which also verifies
 * what keys of Ed25519, Ed448, P-521 and RSASSA-PSS sign.
 */
public final class TlsClient {
  /** The implementation of TLS. */
  public enum Engine {
    BORING,
    JAVA
  }

  private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};
  private static final String[] HTTP = {
    ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1
  };

  private final ClientCertificateRequests clientCertificates = new ClientCertificateRequests();
  private final Optional<SslContext> boring;
  private final SSLContext java;
  private final int timeoutMillis;

  public TlsClient(Optional<Path> extraCas, int timeoutMillis) {
    this.timeoutMillis = timeoutMillis;
    X509ExtendedTrustManager trust = EndpointTrust.with(extraCas);
    try {
      boring = OpenSsl.isAvailable() ? Optional.of(boring(trust)) : Optional.empty();
      java = SSLContext.getInstance("TLS");
      java.init(new KeyManager[] {clientCertificates}, new TrustManager[] {trust}, null);
    } catch (SSLException | GeneralSecurityException e) {
      throw new IllegalStateException("this JVM has no TLS 1.2 or 1.3", e);
    }
  }

  private SslContext boring(X509ExtendedTrustManager trust) throws SSLException {
    return SslContextBuilder.forClient()
        .sslProvider(SslProvider.OPENSSL)
        .trustManager(trust)
        .keyManager(clientCertificates)
        .protocols(VERSIONS)
        .endpointIdentificationAlgorithm("HTTPS")
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                HTTP))
        .build();
  }

  public SslHandler handler(Channel channel, Destination to, Engine engine) {
    SslHandler handler =
        engine == Engine.JAVA || boring.isEmpty()
            ? new SslHandler(java(to))
            : boring.get().newHandler(channel.alloc(), to.host(), to.port());
    handler.setHandshakeTimeoutMillis(timeoutMillis);
    var _ =
        handler
            .handshakeFuture()
            .addListener(_ -> clientCertificates.note(channel, handler.engine()));
    return handler;
  }

  /** Not by Netty, which would hide the engine that is asked for a certificate behind its own. */
  private SSLEngine java(Destination to) {
    SSLEngine engine = java.createSSLEngine(to.host(), to.port());
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setProtocols(VERSIONS);
    parameters.setApplicationProtocols(HTTP);
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    return engine;
  }
}
