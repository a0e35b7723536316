package dev.feedbackwebhooks.app.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that are no message, or that hold text that is none. */
class MalformedRequestTest {
  private static final byte[] NO_MESSAGE = {(byte) 0xff, (byte) 0xff, 1};

  /** The first field of all these messages is text, or a message with text. */
  private static final byte[] NO_UTF8 = {0x0a, 2, (byte) 0xc3, 0x28};

  private static final Marshaller<byte[]> BYTES =
      new Marshaller<>() {
        @Override
        public InputStream stream(byte[] value) {
          return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
          try {
            return stream.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  private static final Pattern JSON = Pattern.compile("\\{.*}");

  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "WebhookConfigService/GetWebhookConfig",
        "CampaignService/GetCampaign",
        "DeliveryService/ListDeliveries",
        "FeedbackIngestService/PublishFeedback"
      })
  void isRefusedWithAllDetails(String method) throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint)) {
      ManagedChannel channel = server.channel();
      for (byte[] bytes : List.of(NO_MESSAGE, NO_UTF8)) {
        Refusal refusal =
            Refusal.of(() ->
                ClientCalls.blockingUnaryCall(
                    channel,
                    descriptor(method, MethodDescriptor.MethodType.UNARY),
                    CallOptions.DEFAULT,
                    bytes));
        assertThat(refusal.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(refusal.reason()).isEqualTo("INVALID_FIELDS");
        assertThat(refusal.fields()).containsExactly("request");
      }
      assertThat(server.log().lines()).as("one JSON object each").allMatch(JSON.asMatchPredicate());
    }
  }

  @Test
  void endsAStreamInTheSameWay() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint)) {
      ManagedChannel channel = server.channel();
      Iterator<byte[]> answers =
          ClientCalls.blockingServerStreamingCall(
              channel,
              descriptor(
                  "FeedbackIngestService/StreamFeedback",
                  MethodDescriptor.MethodType.SERVER_STREAMING),
              CallOptions.DEFAULT,
              NO_MESSAGE);
      Refusal refusal = Refusal.of(answers::next);
      assertThat(refusal.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(refusal.reason()).isEqualTo("INVALID_FIELDS");
    }
  }

  private static MethodDescriptor<byte[], byte[]> descriptor(
      String method, MethodDescriptor.MethodType type) {
    return MethodDescriptor.newBuilder(BYTES, BYTES)
        .setType(type)
        .setFullMethodName("feedback.v1." + method)
        .build();
  }
}
