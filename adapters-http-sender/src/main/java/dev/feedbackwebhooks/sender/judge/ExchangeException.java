package dev.feedbackwebhooks.sender.judge;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import org.jspecify.annotations.Nullable;

/** An attempt came to nothing, for a reason that is already known. Never leaves this package. */
public final class ExchangeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final AttemptFailure failure;

  /**
   * @param detail one line for people; no secret
   */
  public ExchangeException(AttemptFailure failure, String detail, @Nullable Throwable cause) {
    super(detail, cause, false, false);
    this.failure = failure;
  }

  /** One whose class says it all. */
  public ExchangeException(AttemptFailure failure) {
    this(failure, text(failure), null);
  }

  AttemptFailure failure() {
    return failure;
  }

  /** Our words, not the library's: those may quote what the endpoint sent. */
  public static String text(AttemptFailure failure) {
    return switch (failure) {
      case HTTP_STATUS -> "the answer is no success";
      case REDIRECT -> "the answer is a redirect";
      case TIMEOUT -> "the exchange did not end in time";
      case CONNECT_TIMEOUT -> "no connection in time";
      case CONNECT_REFUSED -> "the connection was refused";
      case CONNECT_FAILED -> "the connection could not be made";
      case DNS -> "no address was found";
      case EGRESS_FORBIDDEN -> "the address is not on the public internet";
      case PROXY_FAILED -> "the egress proxy did not let the connection through";
      case PROXY_TIMEOUT -> "no answer of the egress proxy in time";
      case TLS_NAME -> "the certificate is for another name";
      case TLS_EXPIRED -> "the certificate is not valid at this time";
      case TLS_UNTRUSTED -> "the certificate's issuer is not trusted";
      case TLS_WEAK_CERTIFICATE -> "the certificate's chain is too weak";
      case TLS_CLIENT_CERTIFICATE ->
          "the endpoint asks for a client certificate, which this service does not send";
      case TLS_PROTOCOL -> "no TLS version, cipher or kind of key in common (TLS 1.2 is the least)";
      case TLS_FAILED -> "the TLS handshake failed";
      case CONNECTION_RESET -> "the connection was reset";
      case CONNECTION_CLOSED -> "the connection was closed before the answer was whole";
      case MALFORMED_RESPONSE -> "the answer is not HTTP";
      case HTTP2_ERROR -> "the endpoint broke off on the level of HTTP/2";
      case SIGNING_FAILED -> "the configured key cannot sign";
      case INTERNAL -> "internal error";
    };
  }
}
