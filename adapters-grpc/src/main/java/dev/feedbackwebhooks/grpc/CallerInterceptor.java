package dev.feedbackwebhooks.grpc;

import dev.feedbackwebhooks.domain.access.Caller;
import dev.feedbackwebhooks.domain.fault.Fault;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.health.v1.HealthGrpc;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out who calls before anything else happens. Health checks need no token. */
final class CallerInterceptor implements ServerInterceptor {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private final Optional<AccessTokens> tokens;

  /**
   * @param tokens empty: whoever reaches the port may do everything
   */
  CallerInterceptor(Optional<AccessTokens> tokens) {
    this.tokens = tokens;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    String service = call.getMethodDescriptor().getServiceName();
    if (HealthGrpc.SERVICE_NAME.equals(service)) {
      return next.startCall(call, headers);
    }
    try {
      Caller caller = caller(headers.get(AUTHORIZATION));
      return Contexts.interceptCall(Callers.with(caller), call, headers, next);
    } catch (Fault refusal) {
      GrpcFaults.close(call, refusal);
      return new ServerCall.Listener<>() {};
    }
  }

  private Caller caller(@Nullable String authorization) {
    return tokens.isEmpty() ? Caller.LOCAL : tokens.get().verify(authorization);
  }
}
