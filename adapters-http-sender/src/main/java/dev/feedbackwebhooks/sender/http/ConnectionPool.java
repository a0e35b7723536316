package dev.feedbackwebhooks.sender.http;

/** The connections to one peer, as each of them knows the others. */
interface ConnectionPool extends Peer {
  /** The idle connections of its event loop, to all peers. */
  IdleConnections idle();

  void asksForCertificate(boolean asks);

  /** The connection is ready for another exchange. */
  void release(Connection connection);

  /** Gives those who wait what there is, and makes more if that is too little. */
  void serve();

  /** The connection carries nothing any more. */
  void closed(Connection connection);

  /** The connection takes no more exchanges. */
  void retired(Connection connection);
}
