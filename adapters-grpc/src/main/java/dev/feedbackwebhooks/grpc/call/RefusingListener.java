package dev.feedbackwebhooks.grpc.call;

import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.grpc.codec.GrpcStatuses;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.ServerCall;
import java.util.Optional;
import java.util.function.Function;

/** Ends a call at its first request that is refused; its service does not hear of that one. */
public final class RefusingListener<Q> extends SimpleForwardingServerCallListener<Q> {
  private final ServerCall<Q, ?> call;
  private final Function<Q, Optional<Fault>> judge;
  private boolean refused;

  public RefusingListener(
      ServerCall<Q, ?> call, ServerCall.Listener<Q> service, Function<Q, Optional<Fault>> judge) {
    super(service);
    this.call = call;
    this.judge = judge;
  }

  @Override
  public void onMessage(Q request) {
    if (refused) {
      return;
    }
    Optional<Fault> refusal = judge.apply(request);
    if (refusal.isEmpty()) {
      super.onMessage(request);
    } else {
      refused = true;
      // So that the service writes no answer any more.
      super.onCancel();
      GrpcStatuses.close(call, refusal.get());
    }
  }

  @Override
  public void onHalfClose() {
    if (!refused) {
      super.onHalfClose();
    }
  }

  @Override
  public void onReady() {
    if (!refused) {
      super.onReady();
    }
  }

  @Override
  public void onCancel() {
    if (!refused) {
      super.onCancel();
    }
  }

  @Override
  public void onComplete() {
    if (!refused) {
      super.onComplete();
    }
  }
}
