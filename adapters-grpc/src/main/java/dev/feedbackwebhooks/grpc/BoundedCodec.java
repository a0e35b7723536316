package dev.feedbackwebhooks.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.WireFormat;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;

/**
 * Reads requests that hold few enough messages. On the wire an empty message takes two bytes, in
 * memory a hundred: a few megabytes would become hundreds. So the parts are counted before they are
 * made.
 */
final class BoundedCodec<Q> implements MethodDescriptor.Marshaller<Q> {
  private static final int MOST_PARTS = 200_000;

  /** A request this small cannot hold too many. */
  private static final int ALWAYS_FINE_BYTES = 64 << 10;

  private final MethodDescriptor.Marshaller<Q> inner;
  private final Descriptor type;
  private final Q tooMany;

  private BoundedCodec(MethodDescriptor.Marshaller<Q> inner, Descriptor type, Q tooMany) {
    this.inner = inner;
    this.type = type;
    this.tooMany = tooMany;
  }

  /** The service's methods, each with its requests bounded. */
  static ServerServiceDefinition bound(BindableService service) {
    ServerServiceDefinition definition = service.bindService();
    List<ServerMethodDefinition<?, ?>> methods =
        definition.getMethods().stream()
            .<ServerMethodDefinition<?, ?>>map(BoundedCodec::bound)
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
    Q empty = inner.parse(InputStream.nullInputStream());
    if (!(empty instanceof Message message)) {
      return method;
    }
    BoundedCodec<Q> bounded =
        new BoundedCodec<>(
            inner,
            message.getDescriptorForType(),
            inner.parse(tooMany(message).toByteString().newInput()));
    return ServerMethodDefinition.create(
        descriptor.toBuilder(bounded, descriptor.getResponseMarshaller()).build(),
        method.getServerCallHandler());
  }

  /** Stands for a request that was not read: the service refuses its number of events. */
  private static Message tooMany(Message empty) {
    FieldDescriptor events = empty.getDescriptorForType().findFieldByName("events");
    Message event = empty.newBuilderForType().newBuilderForField(events).build();
    return empty.newBuilderForType().setField(events, Collections.nCopies(20_000, event)).build();
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
              || parts(CodedInputStream.newInstance(bytes), type, 0) <= MOST_PARTS;
      return fine ? inner.parse(new ByteArrayInputStream(bytes)) : tooMany;
    } catch (IOException e) {
      throw new UncheckedIOException("the request is no message", e);
    }
  }

  /** Messages within a message; stops to count where there are too many. */
  private static int parts(CodedInputStream in, Descriptor type, int counted) throws IOException {
    int count = counted;
    while (!in.isAtEnd() && count <= MOST_PARTS) {
      int tag = in.readTag();
      FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
      if (field != null
          && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
          && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        int outer = in.pushLimit(in.readRawVarint32());
        count = parts(in, field.getMessageType(), count + 1);
        in.skipRawBytes(in.getBytesUntilLimit());
        in.popLimit(outer);
      } else {
        in.skipField(tag);
      }
    }
    return count;
  }
}
