package dev.feedbackwebhooks.sender.http;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.sender.judge.ExchangeException;
import dev.feedbackwebhooks.sender.tls.ClientCertificateRequests;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/** A connection that carries one exchange after the other (RFC 9112). */
final class Http1Connection extends ChannelInboundHandlerAdapter
    implements Connection, Exchange.Place {
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private final Channel channel;
  private final ConnectionPool pool;
  private final AnswerDecoder decoder;
  private final ConnectionTimes times;
  private @Nullable Exchange exchange;
  private @Nullable ChannelFuture written;
  private @Nullable Throwable broken;
  private boolean used;
  private boolean answered;
  private boolean interim;
  private boolean kept;

  /** Whether an exchange ended, and the connection is not given to another one yet. */
  private boolean ended;

  private long idleSince = System.nanoTime();

  private Http1Connection(
      Channel channel, ConnectionPool pool, AnswerDecoder decoder, ConnectionTimes times) {
    this.channel = channel;
    this.pool = pool;
    this.decoder = decoder;
    this.times = times;
  }

  static Http1Connection begin(Channel channel, ConnectionPool pool, ConnectionTimes times) {
    AnswerDecoder decoder = new AnswerDecoder();
    Http1Connection connection = new Http1Connection(channel, pool, decoder, times);
    channel.pipeline().addLast(decoder, connection);
    return connection;
  }

  @Override
  public void carry(Exchange next) {
    exchange = next;
    answered = false;
    decoder.startOver();
    next.isCarried(pool, this, "http/1.1", times);
    Request request = next.request();
    written = channel.writeAndFlush(request.http1(channel.alloc()));
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (exchange == null) {
        // Nobody asked. What comes out of it next might be taken for another request's answer.
        close();
      } else {
        answered = true;
        read(exchange, (HttpObject) message);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void read(Exchange carried, HttpObject part) {
    if (part.decoderResult().isFailure()) {
      // After an end of ours, the decoder complains that the answer is not whole.
      lose(
          broken == null
              ? AnswerFault.named(
                  part.decoderResult().cause(),
                  decoder.startsAsHttp(),
                  part instanceof HttpResponse)
              : broken);
      close();
      return;
    }
    if (part instanceof HttpResponse head) {
      head(carried, head);
    }
    if (part instanceof HttpContent content && !interim) {
      if (carried.body(content.content())) {
        exchange = null;
        close();
        return;
      }
    }
    if (part instanceof LastHttpContent) {
      end(carried);
    }
  }

  private void head(Exchange carried, HttpResponse head) {
    int status = head.status().code();
    interim = status < 200 && status != SWITCHING_PROTOCOLS;
    kept = HttpUtil.isKeepAlive(head) && status != SWITCHING_PROTOCOLS && !isFollowedByMore(head);
    if (!interim) {
      carried.head(
          status,
          head.headers().get(HttpHeaderNames.RETRY_AFTER),
          head.headers().iteratorCharSequence());
    }
  }

  /** A body that must not be there would be taken for the next answer (RFC 9112, 6.3). */
  private static boolean isFollowedByMore(HttpResponse head) {
    int status = head.status().code();
    String length = head.headers().get(HttpHeaderNames.CONTENT_LENGTH);
    return (status == NO_CONTENT || status == NOT_MODIFIED)
        && length != null
        && !length.equals("0");
  }

  private void end(Exchange carried) {
    if (interim) {
      interim = false;
      return;
    }
    exchange = null;
    used = true;
    ended = true;
    carried.end();
  }

  /** Only then is it known whether the answer was all that came. */
  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (exchange != null) {
      return;
    }
    boolean reusable = kept && channel.isActive() && written != null && written.isSuccess();
    if (decoder.holdsMore() || (ended && !reusable)) {
      close();
    } else if (ended) {
      ended = false;
      idleSince = System.nanoTime();
      pool.release(this);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (broken == null) {
      broken = cause;
    }
    close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    pool.closed(this);
    lose(broken == null ? new ExchangeException(AttemptFailure.CONNECTION_CLOSED) : broken);
  }

  private void lose(Throwable cause) {
    Exchange carried = exchange;
    exchange = null;
    if (carried != null) {
      Throwable why = used || answered ? cause : ClientCertificateRequests.reason(channel, cause);
      carried.lost(why, used && !answered ? Exchange.Loss.IDLE : Exchange.Loss.TAKEN);
    }
  }

  @Override
  public void leave(Exchange left) {
    exchange = null;
    close();
  }

  @Override
  public void close() {
    pool.closed(this);
    var _ = channel.close();
  }

  @Override
  public long idleSince() {
    return idleSince;
  }
}
