package dev.feedbackwebhooks.app.journey;

import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/** Searches all that comes back to callers: messages, statuses, their details, all metadata. */
record AnswersHeard(Canaries canaries, Set<String> succeeded, Set<String> refused)
    implements ClientInterceptor {
  static AnswersHeard by(Canaries canaries) {
    return new AnswersHeard(canaries, new ConcurrentSkipListSet<>(), new ConcurrentSkipListSet<>());
  }

  @Override
  public <Q, A> ClientCall<Q, A> interceptCall(
      MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<A> listener, Metadata headers) {
        super.start(new Heard<>(listener, method.getFullMethodName()), headers);
      }
    };
  }

  private final class Heard<A> extends SimpleForwardingClientCallListener<A> {
    private final String method;

    Heard(ClientCall.Listener<A> listener, String method) {
      super(listener);
      this.method = method;
    }

    @Override
    public void onHeaders(Metadata headers) {
      hear(headers);
      super.onHeaders(headers);
    }

    @Override
    public void onMessage(A message) {
      String place = "an answer of " + method;
      canaries.search(place, String.valueOf(message));
      if (message instanceof Message proto) {
        canaries.search(place, proto.toByteArray());
      }
      // A call that is watched has no other end than its caller's.
      succeeded.add(method);
      super.onMessage(message);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      (status.isOk() ? succeeded : refused).add(method);
      canaries.search("a status of " + method, String.valueOf(status.getDescription()));
      hear(trailers);
      super.onClose(status, trailers);
    }

    private void hear(Metadata metadata) {
      for (String key : metadata.keys()) {
        String place = "metadata of " + method;
        canaries.search(place, key);
        if (key.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
          all(metadata, Metadata.Key.of(key, Metadata.BINARY_BYTE_MARSHALLER))
              .forEach(value -> canaries.search(place, value));
        } else {
          all(metadata, Metadata.Key.of(key, Metadata.ASCII_STRING_MARSHALLER))
              .forEach(value -> canaries.search(place, value));
        }
      }
    }

    private static <T> Iterable<T> all(Metadata metadata, Metadata.Key<T> key) {
      return Objects.requireNonNull(metadata.getAll(key));
    }
  }
}
