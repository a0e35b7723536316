package dev.feedbackwebhooks.sender.judge;

import static dev.feedbackwebhooks.domain.attempt.AttemptFailure.*;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Names what went wrong in an exchange by the exceptions that the client threw. */
public final class FailureJudge {
  /** As Netty quotes "HTTP/" where it expected a frame. */
  private static final String HTTP_IN_HEX = "485454502f";

  private static final Pattern TLS_REASON =
      Pattern.compile("(?:OPENSSL_internal:|fatal alert: )([A-Za-z0-9_]{1,60})");

  private static final Pattern OF_A_KEY =
      Pattern.compile(
          "handshake_failure|internal_error|wrong_signature_type|wrong_curve|unsupported_algorithm"
              + "|unknown_certificate_type|wrong_certificate_type|unsupported_certificate"
              + "|unable_to_find_public_key|no_common_signature_algorithms",
          Pattern.CASE_INSENSITIVE);

  private FailureJudge() {}

  public static AttemptFailure failure(Throwable failure) {
    return ((AttemptResult.Retryable) judge(failure)).failure();
  }

  public static AttemptResult judge(Throwable failure) {
    List<Throwable> chain = chain(failure);
    for (Throwable link : chain) {
      if (link instanceof ExchangeException known) {
        return new AttemptResult.Retryable(
            known.failure(), 0, null, String.valueOf(known.getMessage()));
      }
    }
    AttemptFailure named = name(chain);
    String detail =
        switch (named) {
          case INTERNAL -> ExchangeException.text(named) + ": " + chain.getLast().getClass();
          case TLS_FAILED, TLS_PROTOCOL -> ExchangeException.text(named) + tlsReason(chain);
          case HTTP2_ERROR ->
              chain.stream().anyMatch(link -> says(link, HTTP_IN_HEX))
                  ? ExchangeException.text(named)
                      + ": it chose HTTP/2 in TLS, and answers in HTTP/1.1"
                  : ExchangeException.text(named);
          default -> ExchangeException.text(named);
        };
    return new AttemptResult.Retryable(named, 0, null, detail);
  }

  private static AttemptFailure name(List<Throwable> chain) {
    for (Throwable link : chain) {
      switch (link) {
        case CertificateExpiredException _, CertificateNotYetValidException _ -> {
          return TLS_EXPIRED;
        }
        case CertPathBuilderException _ -> {
          return TLS_UNTRUSTED;
        }
        case CertPathValidatorException path -> {
          return named(path.getReason());
        }
        case SslHandshakeTimeoutException _, ConnectTimeoutException _ -> {
          return CONNECT_TIMEOUT;
        }
        case TimeoutException _ -> {
          return TIMEOUT;
        }
        default -> {}
      }
    }
    return nameOfOutermost(chain);
  }

  private static AttemptFailure named(CertPathValidatorException.Reason reason) {
    return reason instanceof BasicReason basic
        ? switch (basic) {
          case EXPIRED, NOT_YET_VALID -> TLS_EXPIRED;
          case ALGORITHM_CONSTRAINED -> TLS_WEAK_CERTIFICATE;
          case UNSPECIFIED, REVOKED, UNDETERMINED_REVOCATION_STATUS, INVALID_SIGNATURE ->
              TLS_UNTRUSTED;
        }
        : TLS_UNTRUSTED;
  }

  private static AttemptFailure nameOfOutermost(List<Throwable> chain) {
    for (Throwable link : chain) {
      switch (link) {
        case CertificateException certificate -> {
          return isName(certificate) ? TLS_NAME : TLS_UNTRUSTED;
        }
        case ConnectException connect -> {
          return says(connect, "refused") ? CONNECT_REFUSED : CONNECT_FAILED;
        }
        case Http2Exception _ -> {
          return HTTP2_ERROR;
        }
        case PrematureChannelClosureException _ -> {
          return CONNECTION_CLOSED;
        }
        default -> {}
      }
    }
    return nameOfRest(chain);
  }

  /**
   * The failure by the rest of the chain: TLS's own reason comes before its wrapper, which says
   * less.
   */
  private static AttemptFailure nameOfRest(List<Throwable> chain) {
    if (chain.stream().anyMatch(FailureJudge::isProtocol)) {
      return TLS_PROTOCOL;
    }
    if (chain.stream().anyMatch(SSLException.class::isInstance)) {
      return TLS_FAILED;
    }
    for (Throwable link : chain) {
      switch (link) {
        case SocketException _ -> {
          return isReset(link) ? CONNECTION_RESET : CONNECT_FAILED;
        }
        case IOException _ -> {
          return isReset(link) ? CONNECTION_RESET : CONNECTION_CLOSED;
        }
        case DecoderException _, IllegalArgumentException _ -> {
          return MALFORMED_RESPONSE;
        }
        default -> {}
      }
    }
    return INTERNAL;
  }

  /** The alert, or what BoringSSL calls it: words of a fixed list. */
  private static String tlsReason(List<Throwable> chain) {
    for (Throwable link : chain) {
      Matcher reason = TLS_REASON.matcher(String.valueOf(link.getMessage()));
      if (link instanceof SSLException && reason.find()) {
        return ": " + reason.group(1).toLowerCase(Locale.ROOT).replace('_', ' ');
      }
    }
    return "";
  }

  private static boolean isReset(Throwable e) {
    return says(e, "reset") || says(e, "broken pipe");
  }

  /**
   * Whether a handshake may have ended because BoringSSL cannot verify what the endpoint's key
   * signs: by the endpoint, which has no other one, or by BoringSSL, to which it showed that one.
   */
  public static boolean mayBeItsKey(Throwable failure) {
    return chain(failure).stream()
        .anyMatch(link ->
            link instanceof SSLException
                && OF_A_KEY.matcher(String.valueOf(link.getMessage())).find());
  }

  private static boolean isName(CertificateException e) {
    return says(e, "subject alternative") || says(e, "no name matching");
  }

  private static boolean isProtocol(Throwable e) {
    return e instanceof SSLException
        && (says(e, "protocol_version")
            || says(e, "unsupported_protocol")
            || says(e, "handshake_failure")
            || says(e, "wrong_version"));
  }

  private static boolean says(Throwable e, String words) {
    return e.getMessage() != null && e.getMessage().toLowerCase(Locale.ROOT).contains(words);
  }

  private static List<Throwable> chain(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable link = failure; link != null && chain.size() < 20; link = link.getCause()) {
      chain.add(link);
    }
    return chain;
  }
}
