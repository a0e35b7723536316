package dev.feedbackwebhooks.sender.tls;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.sender.judge.ExchangeException;
import dev.feedbackwebhooks.sender.judge.FailureJudge;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The requests for client certificates, of which there are none to show: which connections had one.
 */
public final class ClientCertificateRequests extends X509ExtendedKeyManager {
  private static final AttributeKey<Boolean> ASKED =
      AttributeKey.valueOf(ClientCertificateRequests.class, "asked");

  private final Set<SSLEngine> asked =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  /** Called for each CertificateRequest, and only then. */
  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
    asked.add(engine);
    return null;
  }

  /** Notes on the connection what is known when its handshake is over, with or without success. */
  void note(Channel channel, SSLEngine engine) {
    channel.attr(ASKED).set(asked.remove(engine));
  }

  /** Whether the endpoint asked for one on this connection. */
  public static boolean askedOn(Channel channel) {
    return Boolean.TRUE.equals(channel.attr(ASKED).get());
  }

  /**
   * Why a connection ended that had no answer yet: one that was asked for a certificate ends so
   * because there was none. In TLS 1.3 that comes after the handshake, and may be no more than a
   * reset.
   */
  public static Throwable reason(Channel channel, Throwable cause) {
    if (!askedOn(channel)) {
      return cause;
    }
    return switch (FailureJudge.failure(cause)) {
      case TLS_PROTOCOL, TLS_FAILED, CONNECTION_RESET, CONNECTION_CLOSED ->
          new ExchangeException(AttemptFailure.TLS_CLIENT_CERTIFICATE);
      default -> cause;
    };
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return null;
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return null;
  }
}
