package dev.feedbackwebhooks.domain.attempt;

import dev.feedbackwebhooks.domain.attempt.AttemptResult.Accepted;
import dev.feedbackwebhooks.domain.attempt.AttemptResult.Refused;
import dev.feedbackwebhooks.domain.attempt.AttemptResult.Retryable;
import java.util.List;

/** Advice to the owner of an endpoint about an attempt that failed. */
public final class Advice {
  private Advice() {}

  /** Nothing where the attempt was accepted. */
  public static List<String> on(AttemptResult result) {
    return switch (result) {
      case Accepted _ -> List.of();
      case Refused refused -> List.of(onStatus(refused.httpStatus()));
      case Retryable retryable ->
          List.of(
              retryable.failure() == AttemptFailure.HTTP_STATUS
                  ? onStatus(retryable.httpStatus())
                  : on(retryable.failure()));
    };
  }

  private static String onStatus(int status) {
    return switch (status) {
      case 401, 403 ->
          "the endpoint does not accept the authentication: compare the token's key, kid, issuer and"
              + " audience, and the extra headers, with what it expects; the host's clock must be right";
      case 404, 405 -> "nothing takes POSTs at this path: check the URL's path and the route";
      case 410 ->
          "the endpoint wants no more (410 Gone): feedback answered so disables the configuration";
      case 413 -> "the endpoint takes no body of this size: allow 256 KiB";
      case 415 -> "the endpoint does not take application/json; charset=utf-8: allow it";
      case 429 -> "the endpoint limits the rate: raise its limit, or answer with Retry-After";
      case 502, 503, 504 ->
          "a proxy or balancer answered in place of the endpoint: see whether that is up behind it";
      default ->
          status >= 500
              ? "the endpoint failed: look for the webhook-id in its log"
              : "the endpoint refused the request: look for the webhook-id in its log";
    };
  }

  private static String on(AttemptFailure failure) {
    return switch (failure) {
      case HTTP_STATUS -> "the endpoint answered with no success";
      case REDIRECT ->
          "redirects are never followed: set the URL that the answer's location header names";
      case TIMEOUT ->
          "the answer took too long: answer 2xx at once, and work on the feedback afterwards";
      case CONNECT_TIMEOUT ->
          "no connection in time: a firewall that drops packets, or a host that is down; let the"
              + " service's addresses through";
      case CONNECT_REFUSED -> "nobody listens at this address and port: check the URL's port";
      case CONNECT_FAILED -> "the address cannot be reached: check its routes and firewalls";
      case DNS -> "the host's name has no address: check its spelling and its A or AAAA record";
      case EGRESS_FORBIDDEN ->
          "the host leads to an address that this service does not reach, private ones among them:"
              + " give the endpoint a public address, or have the operator allow its range";
      case PROXY_FAILED, PROXY_TIMEOUT ->
          "this service's own proxy is at fault, not the endpoint: tell its operator";
      case TLS_NAME ->
          "the certificate is for another name: issue one with the host of the URL in its"
              + " subjectAltName (a CN alone is not used)";
      case TLS_EXPIRED ->
          "the certificate has expired, or is not valid yet: renew it, and check the host's clock";
      case TLS_UNTRUSTED ->
          "the certificate's chain leads to no trusted CA: serve the intermediate certificates along"
              + " with it, and have it issued by a public CA rather than signing it yourself";
      case TLS_WEAK_CERTIFICATE ->
          "the certificate, or one of its chain, is too weak: issue it anew with an RSA key of 2,048"
              + " bits or more, or an ECDSA key, and sign it with SHA-256 or better";
      case TLS_CLIENT_CERTIFICATE ->
          "the endpoint asks for a client certificate, which this service does not send: switch that"
              + " off for the URL, and know its requests by their signature, a token or a header";
      case TLS_PROTOCOL ->
          "no TLS version, cipher or kind of key in common: allow TLS 1.2 or 1.3, and a certificate"
              + " with an ECDSA P-256 or an RSA key";
      case TLS_FAILED -> "the TLS handshake failed: see that the port speaks TLS";
      case CONNECTION_RESET, CONNECTION_CLOSED ->
          "the endpoint ended the connection before it answered: look for crashes and idle timeouts"
              + " shorter than its answers";
      case MALFORMED_RESPONSE ->
          "the answer is not HTTP: the attempt's detail says what is wrong with it; see what listens"
              + " on this port";
      case HTTP2_ERROR ->
          "the endpoint broke off the HTTP/2 connection: update it, or offer HTTP/1.1 only";
      case SIGNING_FAILED ->
          "the stored key cannot sign: give another one, for example from openssl genpkey";
      case INTERNAL -> "a fault of this service: tell its operator the time of the attempt";
    };
  }
}
