package dev.feedbackwebhooks.grpc.call;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Clients' connections: so many at the same time. One that makes no call within a bounded time is
 * closed. When all places are taken, the oldest one makes room that never made an authenticated
 * call, first of those without any call; where there is none, the oldest one without a call.
 */
public final class Connections extends ChannelInboundHandlerAdapter {
  private record Ends(@Nullable SocketAddress client, @Nullable SocketAddress server) {}

  private final int most;
  private final Duration firstCall;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Ends, Connection> open = new HashMap<>();

  /** In the order in which they may be closed, each with the oldest first. */
  private final SequencedSet<Connection> silent = new LinkedHashSet<>();

  /** With calls that need no token, as for the server's health. */
  private final SequencedSet<Connection> unproven = new LinkedHashSet<>();

  private final SequencedSet<Connection> idle = new LinkedHashSet<>();

  /**
   * @param most at the same time
   * @param firstCall within which a connection must make an authenticated call
   */
  public Connections(int most, Duration firstCall) {
    this.most = most;
    this.firstCall = firstCall;
  }

  /** A connection came in: nothing was read from it yet. */
  @Override
  public void channelRead(ChannelHandlerContext context, Object accepted) {
    Channel channel = (Channel) accepted;
    Connection connection = new Connection(channel);
    if (!enter(connection)) {
      channel.unsafe().closeForcibly();
      return;
    }
    channel.pipeline().addLast(connection);
    var _ = channel.closeFuture().addListener(_ -> leave(connection));
    context.fireChannelRead(accepted);
  }

  private boolean enter(Connection connection) {
    Connection evicted = null;
    lock.lock();
    try {
      if (open.size() >= most) {
        evicted = oldest().orElse(null);
        if (evicted == null) {
          return false;
        }
        forget(evicted);
      }
      open.put(connection.ends, connection);
      silent.add(connection);
    } finally {
      lock.unlock();
    }
    if (evicted != null) {
      evicted.makeRoom();
    }
    return true;
  }

  private Optional<Connection> oldest() {
    return Stream.of(silent, unproven, idle)
        .filter(connections -> !connections.isEmpty())
        .findFirst()
        .map(SequencedSet::getFirst);
  }

  private void leave(Connection connection) {
    lock.lock();
    try {
      forget(connection);
    } finally {
      lock.unlock();
    }
  }

  private void forget(Connection connection) {
    open.remove(connection.ends, connection);
    silent.remove(connection);
    idle.remove(connection);
    unproven.remove(connection);
  }

  /** The connection that a call came on; null if it is closed. */
  @Nullable Connection of(Attributes call) {
    Ends ends =
        new Ends(
            call.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR), call.get(Grpc.TRANSPORT_ATTR_LOCAL_ADDR));
    lock.lock();
    try {
      return open.get(ends);
    } finally {
      lock.unlock();
    }
  }

  /** One client's connection, and what calls it has. */
  final class Connection extends ChannelInboundHandlerAdapter {
    private final Channel channel;
    private final Ends ends;
    private volatile boolean evicted;
    private boolean proven;
    private int calls;

    private Connection(Channel channel) {
      this.channel = channel;
      this.ends = new Ends(channel.remoteAddress(), channel.localAddress());
    }

    /** A call began. */
    void began() {
      change(false, 1);
    }

    /** A call that {@link #began} ended. */
    void ended() {
      change(false, -1);
    }

    /** A call is authenticated, so the connection is of somebody who is known. */
    void prove() {
      change(true, 0);
    }

    private void change(boolean nowProven, int more) {
      lock.lock();
      try {
        proven |= nowProven;
        calls += more;
        if (open.get(ends) != this) {
          return;
        }
        move(silent, !proven && calls == 0);
        move(idle, proven && calls == 0);
        move(unproven, !proven && calls > 0);
      } finally {
        lock.unlock();
      }
    }

    private void move(SequencedSet<Connection> list, boolean into) {
      if (into) {
        list.add(this);
      } else {
        list.remove(this);
      }
    }

    private boolean mayGo() {
      lock.lock();
      try {
        return !proven && calls == 0;
      } finally {
        lock.unlock();
      }
    }

    private boolean isProven() {
      lock.lock();
      try {
        return proven;
      } finally {
        lock.unlock();
      }
    }

    /** It may not be registered with its event loop yet; {@link #channelActive} looks again. */
    private void makeRoom() {
      evicted = true;
      ChannelHandlerContext here = channel.pipeline().context(this);
      if (here != null && channel.isRegistered()) {
        // From here and not from the pipeline's end: HTTP/2 would wait for the calls that it has.
        var _ = here.close();
      }
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      if (evicted) {
        var _ = channel.close();
      } else {
        expectCall(context);
      }
      context.fireChannelActive();
    }

    private void expectCall(ChannelHandlerContext context) {
      var _ =
          context
              .executor()
              .schedule(
                  () -> {
                    if (mayGo()) {
                      var _ = channel.close();
                    } else if (!isProven() && channel.isOpen()) {
                      expectCall(context);
                    }
                  },
                  firstCall.toMillis(),
                  TimeUnit.MILLISECONDS);
    }
  }
}
