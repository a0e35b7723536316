package dev.feedbackwebhooks.grpc;

import dev.feedbackwebhooks.domain.access.CallListener;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Tells of every call and of its end, however it ends. A tracer hears what an interceptor does not:
 * a call that its client cancelled, or whose method nobody has, which are told apart so that what a
 * client makes up names nothing here.
 */
final class CallTracers extends ServerStreamTracer.Factory {
  private final CallListener listener;

  CallTracers(CallListener listener) {
    this.listener = listener;
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    return new Call();
  }

  /** One call. */
  private final class Call extends ServerStreamTracer {
    private final long start = System.nanoTime();
    private volatile @Nullable String known;

    @Override
    public void serverCallStarted(ServerCallInfo<?, ?> call) {
      String method = call.getMethodDescriptor().getFullMethodName();
      known = method;
      listener.began(method);
    }

    @Override
    public void streamClosed(Status status) {
      String method = known;
      if (method == null) {
        listener.unknown();
      } else {
        listener.ended(
            method, status.getCode().name(), Duration.ofNanos(System.nanoTime() - start));
      }
    }
  }
}
