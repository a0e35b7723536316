package dev.feedbackwebhooks.sender.http;

/** A TLS connection over which nothing is on its way may be kept, for a while. */
interface Connection {
  /** Sends its request; to be called where there is room for it. */
  void carry(Exchange exchange);

  /** Ends it at once, and with it the exchanges that it carries. */
  void close();

  /** When it was last of use, on the monotonic clock. */
  long idleSince();
}
