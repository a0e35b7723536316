package dev.feedbackwebhooks.grpc.call;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.WireFormat;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * Reads requests, and refuses with all details what cannot be read, for which gRPC has but an
 * UNKNOWN. A request may hold so many messages and no more: on the wire an empty one takes two
 * bytes, in memory a hundred, so that a few megabytes would become hundreds. They are counted
 * before they are made.
 */
public final class RequestCodec<Q> implements MethodDescriptor.Marshaller<Q> {
  private static final int MOST_PARTS = 200_000;

  /** As protobuf itself has it. */
  private static final int DEEPEST = 100;

  /** A request this small cannot hold too many. */
  private static final int ALWAYS_FINE_BYTES = 64 << 10;

  private final MethodDescriptor.Marshaller<Q> inner;
  private final Descriptor type;

  /** Stand for requests that were not read: told apart from others by their identity. */
  private final Q malformed;

  private final Q tooLarge;

  private RequestCodec(
      MethodDescriptor.Marshaller<Q> inner, Descriptor type, Q malformed, Q tooLarge) {
    this.inner = inner;
    this.type = type;
    this.malformed = malformed;
    this.tooLarge = tooLarge;
  }

  /** The service's methods, with their requests read by this codec. */
  public static ServerServiceDefinition bound(BindableService service) {
    ServerServiceDefinition definition = service.bindService();
    List<ServerMethodDefinition<?, ?>> methods =
        definition.getMethods().stream()
            .<ServerMethodDefinition<?, ?>>map(RequestCodec::bound)
            .toList();
    // With its schema, which reflection shows.
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(definition.getServiceDescriptor().getName())
            .setSchemaDescriptor(definition.getServiceDescriptor().getSchemaDescriptor());
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder bounded = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(bounded::addMethod);
    return bounded.build();
  }

  private static <Q, R> ServerMethodDefinition<Q, R> bound(ServerMethodDefinition<Q, R> method) {
    MethodDescriptor<Q, R> descriptor = method.getMethodDescriptor();
    MethodDescriptor.Marshaller<Q> inner = descriptor.getRequestMarshaller();
    RequestCodec<Q> codec = of(inner);
    ServerCallHandler<Q, R> handler = method.getServerCallHandler();
    return ServerMethodDefinition.create(
        descriptor.toBuilder(codec, descriptor.getResponseMarshaller()).build(),
        (call, headers) ->
            new RefusingListener<>(call, handler.startCall(call, headers), codec::refusal));
  }

  @SuppressWarnings("unchecked")
  private static <Q> RequestCodec<Q> of(MethodDescriptor.Marshaller<Q> inner) {
    Message empty = (Message) inner.parse(InputStream.nullInputStream());
    return new RequestCodec<>(
        inner,
        empty.getDescriptorForType(),
        (Q) empty.newBuilderForType().build(),
        (Q) empty.newBuilderForType().build());
  }

  @Override
  public InputStream stream(Q request) {
    return inner.stream(request);
  }

  @Override
  public Q parse(InputStream stream) {
    try {
      byte[] bytes = stream.readAllBytes();
      boolean fine =
          bytes.length <= ALWAYS_FINE_BYTES
              || parts(CodedInputStream.newInstance(bytes), type, 0, 0) <= MOST_PARTS;
      return fine ? inner.parse(new ByteArrayInputStream(bytes)) : tooLarge;
    } catch (IOException | StatusRuntimeException _) {
      return malformed;
    }
  }

  /** Messages within a message; stops to count where there are too many. */
  private static int parts(CodedInputStream in, Descriptor type, int depth, int counted)
      throws IOException {
    if (depth > DEEPEST) {
      throw new InvalidProtocolBufferException("messages within messages without end");
    }
    int count = counted;
    while (!in.isAtEnd() && count <= MOST_PARTS) {
      int tag = in.readTag();
      FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
      if (field != null
          && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
          && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        int outer = in.pushLimit(in.readRawVarint32());
        count = parts(in, field.getMessageType(), depth + 1, count + 1);
        in.skipRawBytes(in.getBytesUntilLimit());
        in.popLimit(outer);
      } else {
        in.skipField(tag);
      }
    }
    return count;
  }

  @SuppressWarnings("ReferenceEquality") // an empty request equals them, and is neither
  private Optional<Fault> refusal(Q request) {
    if (request == malformed) {
      return Optional.of(
          Fault.InvalidFields.of(
              Reason.INVALID_FIELDS,
              "request",
              "is no "
                  + type.getFullName()
                  + ", or has text that is not UTF-8: send what its proto says"));
    }
    return request == tooLarge
        ? Optional.of(
            Fault.InvalidFields.of(
                Reason.TOO_MANY_EVENTS,
                "request",
                "holds more than " + MOST_PARTS + " parts: send several messages"))
        : Optional.empty();
  }
}
