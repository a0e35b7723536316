package dev.feedbackwebhooks.app.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
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

  private static final List<String> METHODS =
      List.of(
          "WebhookConfigService/GetWebhookConfig",
          "CampaignService/GetCampaign",
          "DeliveryService/ListDeliveries",
          "AuditService/ListAuditRecords",
          "FeedbackIngestService/PublishFeedback");

  private static final Pattern JSON = Pattern.compile("\\{.*}");

  @TempDir private Path directory;

  @Test
  void isRefusedWithAllDetailsAndEndsAStreamInTheSameWay() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint)) {
      for (String method : METHODS) {
        for (byte[] bytes : List.of(NO_MESSAGE, NO_UTF8)) {
          assertRefused(Refusal.of(() -> call(server, method, bytes)));
        }
      }
      Iterator<byte[]> answers =
          ClientCalls.blockingServerStreamingCall(
              server.channel(),
              descriptor(
                  "feedback.v1.FeedbackIngestService/StreamFeedback",
                  MethodDescriptor.MethodType.SERVER_STREAMING),
              CallOptions.DEFAULT,
              NO_MESSAGE);
      assertRefused(Refusal.of(answers::next));
      assertThat(server.log().lines()).as("one JSON object each").allMatch(JSON.asMatchPredicate());
    }
  }

  private static byte[] call(RunningServer server, String method, byte[] bytes) {
    return ClientCalls.blockingUnaryCall(
        server.channel(),
        descriptor("feedback.v1." + method, MethodDescriptor.MethodType.UNARY),
        CallOptions.DEFAULT,
        bytes);
  }

  private static void assertRefused(Refusal refusal) {
    assertThat(refusal.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refusal.reason()).isEqualTo("INVALID_FIELDS");
    assertThat(refusal.fields()).containsExactly("request");
  }

  static MethodDescriptor<byte[], byte[]> descriptor(
      String method, MethodDescriptor.MethodType type) {
    return MethodDescriptor.newBuilder(BYTES, BYTES)
        .setType(type)
        .setFullMethodName(method)
        .build();
  }
}
