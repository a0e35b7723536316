package dev.feedbackwebhooks.grpc.call;

import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.grpc.codec.GrpcStatuses;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call that can be ended beside its service. The service's answers after that go nowhere.
 *
 * @param <Q> its requests
 * @param <R> its responses
 */
final class OpenCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
  private static final Duration RETRY_SOON = Duration.ofSeconds(1);

  private final ReentrantLock lock = new ReentrantLock();
  private final Connections.@Nullable Connection connection;
  private @Nullable Consumer<Fault> end;
  private boolean stopping;
  private volatile boolean ended;
  private boolean closed;

  /**
   * @param connection null if it is closed
   */
  OpenCall(ServerCall<Q, R> call, Connections.@Nullable Connection connection) {
    super(call);
    this.connection = connection;
  }

  /** The status of calls that the end of the server ends. */
  static Fault shuttingDown() {
    return new Fault.Unavailable(
        Reason.SHUTTING_DOWN, "this server is shutting down: call again", RETRY_SOON);
  }

  void began() {
    if (connection != null) {
      connection.began();
    }
  }

  /** Its client is known, so the connection is of use. */
  void prove() {
    if (connection != null) {
      connection.prove();
    }
  }

  void left() {
    if (connection != null) {
      connection.ended();
    }
  }

  /** Whether it may last for as long as its client or its service likes. */
  boolean isStream() {
    lock.lock();
    try {
      return end != null || getMethodDescriptor().getType() != MethodType.UNARY;
    } finally {
      lock.unlock();
    }
  }

  /** Registers how its service ends it. */
  void endBy(Consumer<Fault> how) {
    boolean now;
    lock.lock();
    try {
      end = how;
      now = stopping;
    } finally {
      lock.unlock();
    }
    if (now) {
      how.accept(shuttingDown());
    }
  }

  /** Has its service end it; without one that does, ends it if it is a stream. */
  void stop() {
    Consumer<Fault> how;
    lock.lock();
    try {
      stopping = true;
      how = end;
    } finally {
      lock.unlock();
    }
    if (how != null) {
      how.accept(shuttingDown());
    } else if (isStream()) {
      end(shuttingDown());
    }
  }

  /** Ends it now. */
  void end(Fault status) {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        ended = true;
        GrpcStatuses.close(delegate(), status);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void sendHeaders(Metadata headers) {
    lock.lock();
    try {
      if (!ended) {
        super.sendHeaders(headers);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void sendMessage(R message) {
    lock.lock();
    try {
      if (!ended) {
        super.sendMessage(message);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close(Status status, Metadata trailers) {
    lock.lock();
    try {
      if (!ended) {
        closed = true;
        super.close(status, trailers);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isCancelled() {
    return ended || super.isCancelled();
  }
}
