package dev.feedbackwebhooks.sender.http;

import dev.feedbackwebhooks.sender.tls.TlsClient;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is being made. It ends once: with a connection, with a failure, or because
 * nobody waits for it any more.
 */
final class Opening {
  private final EndpointPool pool;
  private final TlsClient.Engine engine;
  private @Nullable Channel channel;
  private boolean over;

  Opening(EndpointPool pool, TlsClient.Engine engine) {
    this.pool = pool;
    this.engine = engine;
  }

  EndpointPool pool() {
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

  void failed(Throwable cause, ConnectionTimes times) {
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

  void opened(Http2Session session) {
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
