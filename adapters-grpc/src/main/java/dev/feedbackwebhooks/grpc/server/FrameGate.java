package dev.feedbackwebhooks.grpc.server;

import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Connection;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import java.net.SocketAddress;
import org.slf4j.MDC;

/**
 * Looks at the frames of a connection before gRPC does. A call whose headers gRPC cannot read has
 * no stream there, so that the call's next frame would end the connection, with the calls of others
 * on it: it gets a stream, which is closed at once. Names the peer to the log meanwhile.
 */
final class FrameGate extends ChannelInboundHandlerAdapter {
  private static final int PREFACE_BYTES = 24;
  private static final int FRAME_HEAD_BYTES = 9;
  private static final int HEADERS = 1;
  private static final int CONTINUATION = 9;
  private static final int END_HEADERS = 4;
  private static final String PEER = "peer";

  private final Http2Connection connection;
  private final byte[] head = new byte[FRAME_HEAD_BYTES];
  private String peer = "";
  private int headBytes;

  /** The bytes that are left of the preface, or of the frame whose head was read. */
  private int left = PREFACE_BYTES;

  private boolean endsHeaders;
  private int stream;

  FrameGate(Http2Connection connection) {
    this.connection = connection;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    MDC.put(PEER, peer(context));
    try {
      pass(context, (ByteBuf) message);
    } finally {
      MDC.remove(PEER);
    }
  }

  private String peer(ChannelHandlerContext context) {
    if (peer.isEmpty()) {
      SocketAddress address = context.channel().remoteAddress();
      peer = address == null ? "unknown" : address.toString().substring(1);
    }
    return peer;
  }

  private void pass(ChannelHandlerContext context, ByteBuf bytes) {
    int length = untilHeadersEnd(bytes);
    while (length > 0 && length < bytes.readableBytes()) {
      context.fireChannelRead(bytes.readRetainedSlice(length));
      closeUnread();
      length = untilHeadersEnd(bytes);
    }
    context.fireChannelRead(bytes);
    if (length > 0) {
      closeUnread();
    }
  }

  /** The number of bytes up to the end of a call's headers; 0 if none end in them. */
  private int untilHeadersEnd(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end) {
      if (left > 0) {
        int skipped = Math.min(left, end - at);
        left -= skipped;
        at += skipped;
      } else {
        head[headBytes++] = bytes.getByte(at++);
        if (headBytes == FRAME_HEAD_BYTES) {
          readHead();
        }
      }
      if (left == 0 && headBytes == 0 && endsHeaders) {
        endsHeaders = false;
        return at - bytes.readerIndex();
      }
    }
    return 0;
  }

  private void readHead() {
    headBytes = 0;
    left = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
    boolean headers = head[3] == HEADERS || head[3] == CONTINUATION;
    endsHeaders = headers && (head[4] & END_HEADERS) != 0;
    stream =
        (head[5] & 0x7f) << 24 | (head[6] & 0xff) << 16 | (head[7] & 0xff) << 8 | (head[8] & 0xff);
  }

  private void closeUnread() {
    if (connection.remote().isValidStreamId(stream) && !connection.streamMayHaveExisted(stream)) {
      try {
        connection.remote().createStream(stream, true).close();
      } catch (Http2Exception _) {
        // There may be no more streams on it, or it is being closed.
      }
    }
  }
}
