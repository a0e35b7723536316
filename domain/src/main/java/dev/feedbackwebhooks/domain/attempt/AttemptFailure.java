package dev.feedbackwebhooks.domain.attempt;

/** Why an attempt was not accepted: the classes that a receiver's engineer can act on. */
public enum AttemptFailure {
  /** Answered with a status that is no success. */
  HTTP_STATUS,
  /** Answered with a redirect, which is never followed. */
  REDIRECT,
  /** The whole exchange did not end in time. */
  TIMEOUT,
  CONNECT_TIMEOUT,
  CONNECT_REFUSED,
  CONNECT_FAILED,
  /** The name has no address, or its name servers do not answer. */
  DNS,
  /** The host, its port, or an address that it leads to is forbidden. No request was made. */
  EGRESS_FORBIDDEN,
  /** The operator's proxy cannot be reached, or did not let the connection through. */
  PROXY_FAILED,
  /** The operator's proxy did not say in time whether it lets the connection through. */
  PROXY_TIMEOUT,
  /** The certificate is for another name, or has no subjectAltName. */
  TLS_NAME,
  TLS_EXPIRED,
  /** The certificate's issuer is not trusted, or it is self-signed. */
  TLS_UNTRUSTED,
  /** A key or a signature in the certificate's chain is too weak. */
  TLS_WEAK_CERTIFICATE,
  /** The endpoint wants a certificate of the client, and there is none. */
  TLS_CLIENT_CERTIFICATE,
  /** No TLS version, cipher or kind of key in common; TLS 1.2 is the least. */
  TLS_PROTOCOL,
  TLS_FAILED,
  CONNECTION_RESET,
  CONNECTION_CLOSED,
  MALFORMED_RESPONSE,
  HTTP2_ERROR,
  /** The token could not be signed with the configured key. No request was made. */
  SIGNING_FAILED,
  /** A fault of ours. */
  INTERNAL
}
