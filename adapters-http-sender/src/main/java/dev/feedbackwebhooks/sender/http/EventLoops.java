package dev.feedbackwebhooks.sender.http;

import dev.feedbackwebhooks.domain.config.EndpointUrl;
import dev.feedbackwebhooks.sender.egress.NameResolver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ResourceLeakDetector;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The client's threads. An endpoint keeps to one of them, so that its connections never move and
 * nothing is locked.
 */
final class EventLoops implements AutoCloseable {
  /** Longer than this nobody waits for connections to close. */
  private static final int CLOSE_SECONDS = 2;

  /**
   * One loop sends what several cores can think of, and few loops do more at each turn than many.
   */
  private static final int CORES_PER_LOOP = 2;

  private final EventLoopGroup group;
  private final List<SendingLoop> loops = new ArrayList<>();

  private EventLoops(EventLoopGroup group) {
    this.group = group;
  }

  static EventLoops start(SenderSettings settings, InstantSource clock, NameResolver names) {
    if (System.getProperty("io.netty.leakDetection.level") == null) {
      // Its samples cost some percent; the tests run with it.
      ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }
    int count = Math.max(1, Runtime.getRuntime().availableProcessors() / CORES_PER_LOOP);
    IoHandlerFactory io =
        Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    EventLoops started = new EventLoops(new MultiThreadIoEventLoopGroup(count, io));
    Connector connector = new Connector(settings, socket(), names);
    for (int i = 0; i < count; i++) {
      started.loops.add(
          new SendingLoop(
              started.group.next(), connector, settings, clock, settings.totalInFlight() / count));
    }
    return started;
  }

  private static Class<? extends SocketChannel> socket() {
    return Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  SendingLoop of(EndpointUrl url) {
    return loops.get(Math.floorMod(31 * url.host().hashCode() + url.port(), loops.size()));
  }

  @Override
  public void close() {
    loops.forEach(SendingLoop::close);
    group.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
