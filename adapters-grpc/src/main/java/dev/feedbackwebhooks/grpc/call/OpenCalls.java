package dev.feedbackwebhooks.grpc.call;

import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.grpc.codec.GrpcStatuses;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The calls under way. A server that stops ends each with a status that its client can act on,
 * before the connection goes: without one, clients report INTERNAL or CANCELLED, which no retry
 * policy retries.
 */
public final class OpenCalls implements ServerInterceptor {
  private static final Context.Key<OpenCall<?, ?>> CURRENT = Context.key("open call");

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closed = lock.newCondition();
  private final Set<OpenCall<?, ?>> calls = new LinkedHashSet<>();
  private final Connections connections;
  private boolean stopping;

  public OpenCalls(Connections connections) {
    this.connections = connections;
  }

  /**
   * Registers how the current call is ended when the server stops, for a service that has to do
   * something before. A streaming call without it is ended at once; a unary one is answered first.
   */
  public static void whenStopping(Consumer<Fault> end) {
    OpenCall<?, ?> call = CURRENT.get();
    if (call != null) {
      call.endBy(end);
    }
  }

  /** It is known who makes the current call. */
  public static void authenticated() {
    OpenCall<?, ?> call = CURRENT.get();
    if (call != null) {
      call.prove();
    }
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    OpenCall<Q, R> open = new OpenCall<>(call, connections.of(call.getAttributes()));
    if (!added(open)) {
      GrpcStatuses.close(call, OpenCall.shuttingDown());
      return new ServerCall.Listener<>() {};
    }
    return new SimpleForwardingServerCallListener<>(
        Contexts.interceptCall(Context.current().withValue(CURRENT, open), open, headers, next)) {
      @Override
      public void onCancel() {
        removed(open);
        super.onCancel();
      }

      @Override
      public void onComplete() {
        removed(open);
        super.onComplete();
      }
    };
  }

  private boolean added(OpenCall<?, ?> call) {
    lock.lock();
    try {
      if (stopping) {
        return false;
      }
      calls.add(call);
    } finally {
      lock.unlock();
    }
    call.began();
    return true;
  }

  private void removed(OpenCall<?, ?> call) {
    lock.lock();
    try {
      if (!calls.remove(call)) {
        return;
      }
      closed.signalAll();
    } finally {
      lock.unlock();
    }
    call.left();
  }

  /** Refuses new calls, and has streams and waiting calls end. Other calls are answered. */
  public void stop() {
    lock.lock();
    try {
      stopping = true;
    } finally {
      lock.unlock();
    }
    all().forEach(OpenCall::stop);
  }

  /** Ends all calls, whatever they are about. */
  public void endAll() {
    all().forEach(call -> call.end(OpenCall.shuttingDown()));
  }

  private List<OpenCall<?, ?>> all() {
    lock.lock();
    try {
      return List.copyOf(calls);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until what {@link #stop} ends has ended, for so long at most. */
  public void awaitStreams(Duration most) throws InterruptedException {
    long left = most.toNanos();
    lock.lock();
    try {
      while (left > 0 && calls.stream().anyMatch(OpenCall::isStream)) {
        left = closed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
