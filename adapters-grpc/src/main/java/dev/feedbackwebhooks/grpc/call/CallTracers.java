package dev.feedbackwebhooks.grpc.call;

import dev.feedbackwebhooks.domain.access.CallListener;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Tells of every call and of its end, however it ends. A tracer hears what an interceptor does not:
 * a call that its client cancelled, or whose method nobody has, which are told apart so that what a
 * client makes up names nothing here.
 */
public final class CallTracers extends ServerStreamTracer.Factory {
  private final CallListener listener;

  public CallTracers(CallListener listener) {
    this.listener = listener;
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    return new Call();
  }

  /** One call. Its client may be gone before it is known whose method it calls. */
  private final class Call extends ServerStreamTracer {
    private final long start = System.nanoTime();
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable String known;
    private @Nullable Status closed;

    @Override
    public void serverCallStarted(ServerCallInfo<?, ?> call) {
      String method = call.getMethodDescriptor().getFullMethodName();
      listener.began(method);
      heard(method, null);
    }

    @Override
    public void streamClosed(Status status) {
      heard(null, status);
    }

    /** Whichever comes second tells of the end. */
    private void heard(@Nullable String method, @Nullable Status status) {
      lock.lock();
      try {
        known = method == null ? known : method;
        closed = status == null ? closed : status;
        if (known != null && closed != null) {
          Duration took = Duration.ofNanos(System.nanoTime() - start);
          listener.ended(known, closed.getCode().name(), took);
        } else if (closed != null && closed.getCode() == Status.Code.UNIMPLEMENTED) {
          listener.unknown();
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
