package dev.feedbackwebhooks.sender.http;

import dev.feedbackwebhooks.sender.egress.Destination;

/** An address of an endpoint, as one event loop knows it. */
interface Peer {
  Destination destination();

  /** Address and port, for people. */
  String address();

  /** Whether the last connection to it was asked for a client certificate. */
  boolean asksForCertificate();
}
