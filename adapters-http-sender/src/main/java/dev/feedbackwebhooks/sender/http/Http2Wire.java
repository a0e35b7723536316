package dev.feedbackwebhooks.sender.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import io.netty.util.ReferenceCountUtil;
import java.util.Set;

/** HTTP/2's frames (RFC 9113), and how far an endpoint may go with them. */
final class Http2Wire extends Http2ConnectionHandler {
  private static final int MOST_HEADER_BYTES = 16 * 1024;

  /** The bytes of a body that may come before we can stop it. */
  private static final int WINDOW_BYTES = 32 * 1024;

  /** The headers that repeat. Others are no use in the compression's table, or are secret. */
  private static final Set<String> INDEXED =
      Set.of(":method", ":scheme", ":authority", ":path", "content-type", "user-agent");

  /** Reads the frames, and hears what is wrong with them. */
  interface Session extends Http2FrameListener {
    /** Counts what came. Answers whether the peer floods us. */
    boolean floods(int bytes);

    /** The whole connection is no good any more, and why. */
    void broke(Throwable cause);

    /** One stream is. */
    void broke(int streamId, Throwable cause);
  }

  private final Session session;

  private Http2Wire(
      Session session,
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings) {
    super(decoder, encoder, settings);
    this.session = session;
  }

  static Http2Wire of(Session session) {
    return new Builder(session).build();
  }

  static boolean isNeverIndexed(CharSequence name, CharSequence value) {
    return !INDEXED.contains(name.toString());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    if (session.floods(((ByteBuf) message).readableBytes())) {
      ReferenceCountUtil.release(message);
      onError(ctx, false, Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "a flood"));
    } else {
      super.channelRead(ctx, message);
    }
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext ctx, boolean outbound, Throwable cause, Http2Exception named) {
    session.broke(cause);
    super.onConnectionError(ctx, outbound, cause, named);
  }

  @Override
  protected void onStreamError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      Http2Exception.StreamException named) {
    session.broke(named.streamId(), cause);
    super.onStreamError(ctx, outbound, cause, named);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
    session.broke(cause);
    if (cause instanceof Http2Exception) {
      super.exceptionCaught(ctx, cause);
    } else {
      var _ = ctx.channel().close();
    }
  }

  private static final class Builder
      extends AbstractHttp2ConnectionHandlerBuilder<Http2Wire, Builder> {
    private final Session session;

    Builder(Session session) {
      this.session = session;
      connection(plain());
      frameListener(session);
      initialSettings(
          Http2Settings.defaultSettings()
              .pushEnabled(false)
              .maxHeaderListSize(MOST_HEADER_BYTES)
              .initialWindowSize(WINDOW_BYTES));
      headerSensitivityDetector(Http2Wire::isNeverIndexed);
      gracefulShutdownTimeoutMillis(0);
      // No bound on RST_STREAM: nginx sends one after every answer that did not need the body.
      decoderEnforceMaxConsecutiveEmptyDataFrames(2);
      decoderEnforceMaxSmallContinuationFrames(16);
      encoderEnforceMaxQueuedControlFrames(1_000);
    }

    /** Without the tree of priorities that nobody asked for: all streams are alike. */
    private static Http2Connection plain() {
      Http2Connection connection = new DefaultHttp2Connection(false);
      connection
          .remote()
          .flowController(
              new DefaultHttp2RemoteFlowController(
                  connection, new UniformStreamByteDistributor(connection)));
      return connection;
    }

    @Override
    protected Http2Wire build() {
      return super.build();
    }

    @Override
    protected Http2Wire build(
        Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
      return new Http2Wire(session, decoder, encoder, settings);
    }
  }
}
