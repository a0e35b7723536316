package dev.feedbackwebhooks.sender.http;

import dev.feedbackwebhooks.sender.tls.TlsClient;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is being made. It ends once: with a connection, with a failure, or because
 * nobody waits for it any more.
 */
final class Opening implements Http2Session.Start {
  /** For whom connections are made. */
  interface Owner extends ConnectionPool {
    void opened(Opening opening, Http1Connection connection);

    void opened(Opening opening, Http2Session session);

    /** A connection could not be made. */
    void failed(Opening opening, Throwable cause, ConnectionTimes times);

    /** Nothing is left of a connection that was made, or was to be. */
    void gone();
  }

  private final Owner pool;
  private final TlsClient.Engine engine;
  private @Nullable Channel channel;
  private boolean over;

  Opening(Owner pool, TlsClient.Engine engine) {
    this.pool = pool;
    this.engine = engine;
  }

  Owner pool() {
    return pool;
  }

  TlsClient.Engine engine() {
    return engine;
  }

  void on(Channel made) {
    channel = made;
    if (over) {
      var _ = made.close();
    }
  }

  @Override
  public void failed(Throwable cause, ConnectionTimes times) {
    if (!over) {
      over = true;
      pool.failed(this, cause, times);
    }
  }

  void opened(Http1Connection connection) {
    if (over) {
      connection.close();
    } else {
      over = true;
      pool.opened(this, connection);
    }
  }

  @Override
  public void opened(Http2Session session) {
    if (over) {
      session.close();
    } else {
      over = true;
      pool.opened(this, session);
    }
  }

  void giveUp() {
    over = true;
    if (channel != null) {
      var _ = channel.close();
    }
  }
}
