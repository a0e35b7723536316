package dev.feedbackwebhooks.sender.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A server that speaks HTTP/2's frames, so that it can misbehave with them. */
public final class Http2Endpoint implements AutoCloseable {
  /** A test is over long before this much was taken, or has failed. */
  static final long MOST_TAKEN_BYTES = 64 << 20;

  /** What the endpoint does once a request has come, on the event loop of its connection. */
  public interface Answer {
    void to(Post post);
  }

  /**
   * A request that has come, with its body.
   *
   * @param connection from 1, in the order in which they were made
   */
  public record Post(ChannelHandlerContext ctx, Http2FrameStream stream, int connection) {
    public void answer(int status) {
      write(new DefaultHttp2HeadersFrame(head(status), true).stream(stream));
    }

    public void answer(int status, byte[] body) {
      write(new DefaultHttp2HeadersFrame(head(status), false).stream(stream));
      write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(body), true).stream(stream));
    }

    /** A head that is not the last one. */
    void answerWithTrailers(int status) {
      write(new DefaultHttp2HeadersFrame(head(status), false).stream(stream));
      write(new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(new byte[10]), false).stream(stream));
      var trailers = new DefaultHttp2Headers().set("server-timing", "total;dur=1");
      write(new DefaultHttp2HeadersFrame(trailers, true).stream(stream));
    }

    void interim(int status) {
      write(new DefaultHttp2HeadersFrame(head(status), false).stream(stream));
    }

    private static DefaultHttp2Headers head(int status) {
      DefaultHttp2Headers headers = new DefaultHttp2Headers();
      headers.status(Integer.toString(status));
      return headers;
    }

    void reset(Http2Error error) {
      write(new DefaultHttp2ResetFrame(error).stream(stream));
    }

    void write(Object frame) {
      var _ = ctx.writeAndFlush(frame);
    }

    /** Sends these bytes past the codec, which would not say such things. */
    void raw(byte[] frames) {
      var _ = codec().writeAndFlush(Unpooled.wrappedBuffer(frames));
    }

    /** The same without end, as fast as they are taken; {@code taken} counts the bytes. */
    void rawForever(byte[] frames, AtomicLong taken) {
      var _ =
          codec()
              .writeAndFlush(Unpooled.wrappedBuffer(frames))
              .addListener(written -> {
                if (written.isSuccess() && taken.addAndGet(frames.length) < MOST_TAKEN_BYTES) {
                  rawForever(frames, taken);
                }
              });
    }

    private ChannelHandlerContext codec() {
      return ctx.pipeline().context(Http2FrameCodec.class);
    }
  }

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Channel listening;
  private final AtomicInteger connections = new AtomicInteger();
  private final ChannelGroup open = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final ConcurrentLinkedQueue<Post> posts = new ConcurrentLinkedQueue<>();

  private Http2Endpoint(SslContext tls, Http2Settings settings, Answer answer) {
    listening =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    open.add(channel);
                    channel
                        .pipeline()
                        .addLast(tls.newHandler(channel.alloc()))
                        .addLast(
                            Http2FrameCodecBuilder.forServer()
                                .initialSettings(settings)
                                .gracefulShutdownTimeoutMillis(0)
                                .build())
                        .addLast(new Requests(answer, connections.incrementAndGet()));
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
  }

  public static Http2Endpoint start(X509Bundle certificate, Answer answer) throws Exception {
    return start(certificate, Http2Settings.defaultSettings(), answer);
  }

  public static Http2Endpoint start(X509Bundle certificate, Http2Settings settings, Answer answer)
      throws Exception {
    return new Http2Endpoint(tls(certificate).build(), settings, answer);
  }

  /** One that takes clients with a certificate only. */
  static Http2Endpoint ofClientsWithCertificates(
      X509Bundle certificate, String version, Answer answer) throws Exception {
    SslContext tls =
        tls(certificate)
            .protocols(version)
            .trustManager(certificate.getRootCertificate())
            .clientAuth(ClientAuth.REQUIRE)
            .build();
    return new Http2Endpoint(tls, Http2Settings.defaultSettings(), answer);
  }

  private static SslContextBuilder tls(X509Bundle certificate) throws Exception {
    return SslContextBuilder.forServer(certificate.toKeyManagerFactory())
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                "h2"));
  }

  private final class Requests extends ChannelInboundHandlerAdapter {
    private final Answer answer;
    private final int connection;

    Requests(Answer answer, int connection) {
      this.answer = answer;
      this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object frame) {
      if (frame instanceof Http2DataFrame data && data.isEndStream()) {
        Post post = new Post(ctx, data.stream(), connection);
        posts.add(post);
        answer.to(post);
      }
      ReferenceCountUtil.release(frame);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      // The client has had enough.
      var _ = ctx.close();
    }
  }

  public int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  int connections() {
    return connections.get();
  }

  /** Connections that are open now. */
  int open() {
    return open.size();
  }

  /** As they came. */
  public List<Post> posts() {
    return List.copyOf(posts);
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
