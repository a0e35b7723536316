package dev.feedbackwebhooks.grpc.server;

import io.grpc.Attributes;
import io.grpc.InternalChannelz;
import io.grpc.ServerCredentials;
import io.grpc.internal.ObjectPool;
import io.grpc.netty.shaded.io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.shaded.io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Settings;
import io.grpc.netty.shaded.io.netty.util.AsciiString;
import java.util.concurrent.Executor;

/**
 * Stands for gRPC's handler of a connection until the connection is negotiated, and then puts a
 * {@link FrameGate} before it and a {@link HeaderCheck} into it. It is built on classes that gRPC
 * calls internal, and on the Netty within it: at an upgrade the tests of malformed headers, which
 * send raw frames, tell whether it still stands where it has to.
 */
final class GuardedHandler extends GrpcHttp2ConnectionHandler {
  private final GrpcHttp2ConnectionHandler guarded;

  private GuardedHandler(GrpcHttp2ConnectionHandler guarded) {
    super(
        null,
        guarded.decoder(),
        guarded.encoder(),
        new Http2Settings(),
        guarded.getNegotiationLogger());
    this.guarded = guarded;
  }

  /** The same credentials, on connections that are guarded. */
  static ServerCredentials guard(ServerCredentials credentials) {
    InternalProtocolNegotiator.ServerFactory unguarded =
        InternalNettyServerCredentials.toNegotiator(credentials);
    return InternalNettyServerCredentials.create(
        new InternalProtocolNegotiator.ServerFactory() {
          @Override
          public InternalProtocolNegotiator.ProtocolNegotiator newNegotiator(
              ObjectPool<? extends Executor> executors) {
            return new Negotiator(unguarded.newNegotiator(executors));
          }
        });
  }

  private record Negotiator(InternalProtocolNegotiator.ProtocolNegotiator inner)
      implements InternalProtocolNegotiator.ProtocolNegotiator {
    @Override
    public AsciiString scheme() {
      return inner.scheme();
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler handler) {
      return inner.newHandler(new GuardedHandler(handler));
    }

    @Override
    public void close() {
      inner.close();
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    guarded.decoder().frameListener(new HeaderCheck(guarded.decoder().frameListener(), guarded));
    context.pipeline().addAfter(context.name(), null, guarded);
    context.pipeline().addAfter(context.name(), null, new FrameGate(guarded.connection()));
    context.pipeline().remove(this);
  }

  @Override
  public void handleProtocolNegotiationCompleted(
      Attributes attributes, InternalChannelz.Security security) {
    guarded.handleProtocolNegotiationCompleted(attributes, security);
  }

  @Override
  public void notifyUnused() {
    guarded.notifyUnused();
  }

  @Override
  public Attributes getEagAttributes() {
    return guarded.getEagAttributes();
  }
}
