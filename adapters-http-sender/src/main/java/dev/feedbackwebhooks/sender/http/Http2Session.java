package dev.feedbackwebhooks.sender.http;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.sender.judge.ExchangeException;
import dev.feedbackwebhooks.sender.tls.ClientCertificateRequests;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection that carries many exchanges at a time, each on a stream of its own (RFC 9113). */
final class Http2Session extends Http2EventAdapter implements Connection, Http2Wire.Session {
  /** Waits for the session to be ready; is told once. */
  interface Start {
    void opened(Http2Session session);

    void failed(Throwable cause, ConnectionTimes times);
  }

  /**
   * The bytes that a peer may send beyond answers: frames that steer, and what was on its way when
   * a long body was cut off. Endless SETTINGS, PING, RST_STREAM or 1xx heads soon are more.
   */
  private static final int MOST_UNANSWERED_BYTES = 128 * 1024;

  /** Room for the answer that each stream waits for. */
  private static final int MOST_BYTES_A_STREAM = 64 * 1024;

  /** Stream ids end at 2^31: a session is retired long before. */
  private static final int LAST_STREAM_ID = 1 << 30;

  private final Channel channel;
  private final ConnectionPool pool;
  private final Start start;
  private final ConnectionTimes times;
  private final Http2Wire wire;
  private final Http2Connection connection;
  private final Http2Connection.PropertyKey exchangeKey;
  private @Nullable Throwable broken;
  private boolean ready;
  private boolean draining;
  private boolean used;
  private boolean flushing;
  private boolean serving;
  private long unanswered;
  private long idleSince = System.nanoTime();

  @SuppressWarnings("this-escape")
  private Http2Session(Channel channel, ConnectionPool pool, Start start, ConnectionTimes times) {
    this.channel = channel;
    this.pool = pool;
    this.start = start;
    this.times = times;
    this.wire = Http2Wire.of(this);
    this.connection = wire.connection();
    this.exchangeKey = connection.newKey();
  }

  /** Tells the pool once the endpoint's settings have come: how many streams it wants. */
  static void begin(
      Channel channel, ConnectionPool pool, Start start, ConnectionTimes times, int timeoutMillis) {
    Http2Session session = new Http2Session(channel, pool, start, times);
    session.connection.addListener(session.new Streams());
    channel.pipeline().addLast(session.wire);
    channel.closeFuture().addListener(_ -> session.closed());
    var _ =
        channel
            .eventLoop()
            .schedule(session::closeUnlessReady, timeoutMillis, TimeUnit.MILLISECONDS);
  }

  boolean hasRoom() {
    return !draining && channel.isActive() && connection.local().canOpenStream();
  }

  @Override
  public void carry(Exchange exchange) {
    pool.idle().remove(this);
    Request request = exchange.request();
    ChannelHandlerContext ctx = context();
    int id = connection.local().incrementAndGetNextStreamId();
    if (id > LAST_STREAM_ID) {
      drain();
    }
    Http2Headers head = request.http2();
    ChannelFuture written = wire.encoder().writeHeaders(ctx, id, head, 0, false, ctx.newPromise());
    Http2Stream stream = connection.stream(id);
    if (written.cause() != null || stream == null) {
      exchange.fail(written.cause() == null ? error() : written.cause());
      return;
    }
    stream.setProperty(exchangeKey, exchange);
    exchange.isCarried(pool, _ -> reset(id), "h2", times);
    ByteBuf body = Unpooled.wrappedBuffer(request.body());
    var _ = wire.encoder().writeData(ctx, id, body, 0, true, ctx.newPromise());
    flushSoon();
  }

  private ChannelHandlerContext context() {
    return channel.pipeline().context(wire);
  }

  /** After the tasks that are due, so that many requests share a TLS record. */
  private void flushSoon() {
    if (!flushing) {
      flushing = true;
      channel
          .eventLoop()
          .execute(() -> {
            flushing = false;
            channel.flush();
          });
    }
  }

  private void reset(int streamId) {
    Http2Stream stream = connection.stream(streamId);
    if (stream != null && channel.isActive()) {
      stream.removeProperty(exchangeKey);
      ChannelHandlerContext ctx = context();
      var _ = wire.resetStream(ctx, streamId, Http2Error.CANCEL.code(), ctx.newPromise());
      flushSoon();
    }
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx,
      int streamId,
      Http2Headers headers,
      int dependency,
      short weight,
      boolean exclusive,
      int padding,
      boolean last) {
    onHeadersRead(ctx, streamId, headers, padding, last);
  }

  @Override
  public void onHeadersRead(
      ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding, boolean last) {
    Exchange exchange = exchange(streamId);
    if (exchange == null) {
      return;
    }
    Integer status = status(headers);
    // After the head come trailers, of which nothing is of use but that they are the end
    // (RFC 9113, 8.1).
    if (exchange.hasHead() ? !last : status == null) {
      broke(streamId, error());
      reset(streamId);
    } else if (status != null && !exchange.hasHead() && (status >= 200 || last)) {
      exchange.head(status, headers.get(HttpHeaderNames.RETRY_AFTER), headers.iterator());
    }
    if (last && exchange(streamId) != null) {
      end(streamId, exchange);
    }
  }

  private static @Nullable Integer status(Http2Headers headers) {
    CharSequence status = headers.status();
    return status != null && AnswerDecoder.STATUS.matcher(status).matches()
        ? Integer.valueOf(status.toString())
        : null;
  }

  @Override
  public int onDataRead(
      ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean last) {
    Exchange exchange = exchange(streamId);
    if (exchange != null && !exchange.hasHead()) {
      // A body of nothing (RFC 9113, 8.1).
      broke(streamId, error());
      reset(streamId);
    } else if (exchange != null && exchange.body(data)) {
      answered();
      reset(streamId);
    } else if (exchange != null && last) {
      end(streamId, exchange);
    }
    return data.readableBytes() + padding;
  }

  private void end(int streamId, Exchange exchange) {
    answered();
    take(streamId);
    exchange.end();
    Http2Stream stream = connection.stream(streamId);
    if (stream != null && stream.state().localSideOpen()) {
      // Answered before it had read all: it does not want the rest.
      reset(streamId);
    }
  }

  private void answered() {
    used = true;
    unanswered = 0;
  }

  private @Nullable Exchange exchange(int streamId) {
    Http2Stream stream = connection.stream(streamId);
    return stream == null ? null : stream.getProperty(exchangeKey);
  }

  private @Nullable Exchange take(int streamId) {
    Http2Stream stream = connection.stream(streamId);
    return stream == null ? null : stream.removeProperty(exchangeKey);
  }

  @Override
  public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
    Exchange exchange = take(streamId);
    if (exchange != null) {
      if (errorCode == Http2Error.REFUSED_STREAM.code()) {
        if (exchange.wasRefused()) {
          // Not by chance: it wants no more on this connection.
          drain();
        }
        exchange.lost(error(), Exchange.Loss.REFUSED);
      } else {
        exchange.lost(error(), Exchange.Loss.TAKEN);
      }
    }
  }

  @Override
  public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
    if (!ready) {
      ready = true;
      start.opened(this);
    } else {
      serveSoon();
    }
  }

  @Override
  public boolean floods(int bytes) {
    unanswered += bytes;
    long most = MOST_UNANSWERED_BYTES + (long) MOST_BYTES_A_STREAM * connection.numActiveStreams();
    return unanswered > most;
  }

  /** Hears of streams that end without a frame for them. */
  private final class Streams extends Http2ConnectionAdapter {
    @Override
    public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debug) {
      drain();
    }

    @Override
    public void onStreamClosed(Http2Stream stream) {
      Exchange exchange = stream.removeProperty(exchangeKey);
      if (exchange != null) {
        exchange.lost(cause(), loss(stream));
      }
      serveSoon();
    }
  }

  private Exchange.Loss loss(Http2Stream stream) {
    if (connection.goAwayReceived()) {
      return stream.id() > connection.local().lastStreamKnownByPeer()
          ? Exchange.Loss.REFUSED
          : Exchange.Loss.TAKEN;
    }
    return used && broken == null && !stream.isHeadersReceived()
        ? Exchange.Loss.IDLE
        : Exchange.Loss.TAKEN;
  }

  private Throwable cause() {
    return used ? ownCause() : ClientCertificateRequests.reason(channel, ownCause());
  }

  private Throwable ownCause() {
    if (broken != null) {
      return broken;
    }
    return connection.goAwayReceived()
        ? error()
        : new ExchangeException(AttemptFailure.CONNECTION_CLOSED);
  }

  private static ExchangeException error() {
    return new ExchangeException(AttemptFailure.HTTP2_ERROR);
  }

  /** Not at once: the frames that are being read may free more streams, or end all of them. */
  private void serveSoon() {
    if (!serving) {
      serving = true;
      channel.eventLoop().execute(this::serve);
    }
  }

  private void serve() {
    serving = false;
    if (connection.numActiveStreams() == 0 && ready) {
      if (draining) {
        close();
      } else if (pool.idle().add(this)) {
        idleSince = System.nanoTime();
      }
    }
    pool.serve();
  }

  private void drain() {
    if (!draining) {
      draining = true;
      pool.retired(this);
      serveSoon();
    }
  }

  @Override
  public void broke(Throwable cause) {
    if (broken == null) {
      broken = cause;
    }
    drain();
  }

  @Override
  public void broke(int streamId, Throwable cause) {
    Exchange exchange = take(streamId);
    if (exchange != null) {
      exchange.fail(cause);
    }
  }

  private void closeUnlessReady() {
    if (!ready) {
      broke(error());
      close();
    }
  }

  private void closed() {
    drain();
    if (!ready) {
      ready = true;
      start.failed(cause(), times);
    }
  }

  @Override
  public void close() {
    drain();
    var _ = channel.close();
  }

  @Override
  public long idleSince() {
    return idleSince;
  }
}
