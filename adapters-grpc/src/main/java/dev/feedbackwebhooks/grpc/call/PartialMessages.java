package dev.feedbackwebhooks.grpc.call;

import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.grpc.codec.GrpcStatuses;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds the bytes of messages that have begun and not ended, over all calls: a client may begin
 * many and stall. The call whose bytes are too many is ended.
 */
public final class PartialMessages extends ServerStreamTracer.Factory {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final long most;
  private final AtomicLong held = new AtomicLong();

  public PartialMessages(long most) {
    this.most = most;
  }

  @Override
  public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
    return new Tally();
  }

  /** One call's part. */
  private final class Tally extends ServerStreamTracer {
    private final AtomicLong mine = new AtomicLong();

    /** Parts of a message, as they come. What this throws ends the call as too large a one does. */
    @Override
    public void inboundWireSize(long bytes) {
      mine.addAndGet(bytes);
      if (held.addAndGet(bytes) > most) {
        throw GrpcStatuses.asStatus(
            new Fault.Unavailable(
                Reason.OVERLOADED, "too much of too many messages is held", RETRY_AFTER));
      }
    }

    @Override
    public void inboundMessageRead(int number, long wireBytes, long bytes) {
      release();
    }

    @Override
    public void streamClosed(Status status) {
      release();
    }

    private void release() {
      held.addAndGet(-mine.getAndSet(0));
    }
  }
}
