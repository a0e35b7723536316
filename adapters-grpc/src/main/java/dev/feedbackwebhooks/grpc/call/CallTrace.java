package dev.feedbackwebhooks.grpc.call;

import dev.feedbackwebhooks.domain.delivery.TraceParent;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import org.jspecify.annotations.Nullable;

/** The trace that a call belongs to by its metadata, as clients' instrumentation writes it. */
public final class CallTrace implements ServerInterceptor {
  private static final Metadata.Key<String> TRACEPARENT =
      Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

  private static final Context.Key<TraceParent> CURRENT = Context.key("trace");

  /** The traceparent of the call that the current thread serves; null without a trace. */
  public static @Nullable TraceParent current() {
    return CURRENT.get();
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    String given = headers.get(TRACEPARENT);
    TraceParent trace = given == null ? null : TraceParent.ifValid(given);
    return trace == null
        ? next.startCall(call, headers)
        : Contexts.interceptCall(Context.current().withValue(CURRENT, trace), call, headers, next);
  }
}
