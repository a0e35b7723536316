package dev.feedbackwebhooks.grpc.access;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.feedbackwebhooks.domain.access.Actor;
import dev.feedbackwebhooks.domain.access.Caller;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.grpc.access.AccessTable.Need;
import dev.feedbackwebhooks.grpc.access.AccessTokens.Access;
import dev.feedbackwebhooks.grpc.call.OpenCalls;
import dev.feedbackwebhooks.grpc.call.RefusingListener;
import dev.feedbackwebhooks.grpc.codec.GrpcStatuses;
import dev.feedbackwebhooks.grpc.query.ResourceNames;
import dev.feedbackwebhooks.grpc.query.ResourceNames.Place;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds out who calls, and holds each call against the {@link AccessTable} before it is served. */
public final class CallerInterceptor implements ServerInterceptor {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private static final Caller ANYONE = Caller.unlimited(new Actor.Anonymous());

  private final Optional<AccessTokens> tokens;
  private final boolean certificates;
  private final InstantSource clock;

  /**
   * @param tokens empty: whoever reaches the port may do everything
   * @param certificates whether callers show some
   */
  public CallerInterceptor(
      Optional<AccessTokens> tokens, boolean certificates, InstantSource clock) {
    this.tokens = tokens;
    this.certificates = certificates;
    this.clock = clock;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    try {
      Need need = AccessTable.need(call.getMethodDescriptor().getFullMethodName());
      Actor.Certificate certificate = certificates ? ClientCertificates.of(call) : null;
      if (tokens.isEmpty()) {
        OpenCalls.authenticated();
      }
      if (need instanceof Need.Nothing || tokens.isEmpty()) {
        Caller caller = certificate == null ? ANYONE : Caller.unlimited(certificate);
        return Contexts.interceptCall(Callers.with(caller), call, headers, next);
      }
      Access access = tokens.get().verify(token(headers), certificate);
      OpenCalls.authenticated();
      requirePermission(access.caller(), need);
      return new RefusingListener<>(
          call,
          Contexts.interceptCall(
              Callers.with(access.caller(), access.until()), call, headers, next),
          request -> refusal(access, need, request));
    } catch (Fault refusal) {
      GrpcStatuses.close(call, refusal);
      return new ServerCall.Listener<>() {};
    }
  }

  /** The one token; of several it could not be said which one is meant. */
  private static @Nullable String token(Metadata headers) {
    Iterable<String> all = headers.getAll(AUTHORIZATION);
    if (all == null) {
      return null;
    }
    Iterator<String> each = all.iterator();
    String first = each.next();
    return each.hasNext() ? null : first;
  }

  private static void requirePermission(Caller caller, Need need) {
    switch (need) {
      case Need.Nothing(), Need.AnyToken() -> {}
      case Need.In(var permission, _) -> caller.require(permission);
      case Need.InEach(var permission) -> caller.require(permission);
    }
  }

  private Optional<Fault> refusal(Access access, Need need, Object request) {
    if (clock.instant().isAfter(access.until())) {
      return Optional.of(AccessTokens.expired());
    }
    if (need instanceof Need.In(_, String field)) {
      Optional<Place> place = ResourceNames.place(text((Message) request, field));
      // A name that is none reaches nothing: the service says what is wrong with it.
      if (place.isPresent()) {
        try {
          access.caller().requireReach(place.get().organization(), place.get().sandbox());
        } catch (Fault.PermissionDenied denied) {
          return Optional.of(denied);
        }
      }
    }
    return Optional.empty();
  }

  private static String text(Message request, String path) {
    Message message = request;
    String[] names = path.split("\\.", -1);
    for (int i = 0; i < names.length - 1; i++) {
      message = (Message) message.getField(field(message, names[i]));
    }
    return (String) message.getField(field(message, names[names.length - 1]));
  }

  private static FieldDescriptor field(Message message, String name) {
    FieldDescriptor field = message.getDescriptorForType().findFieldByName(name);
    if (field == null) {
      throw new IllegalStateException(
          message.getDescriptorForType().getFullName() + " has no field " + name);
    }
    return field;
  }
}
