package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.FieldMask;
import com.google.protobuf.util.Durations;
import dev.feedbackwebhooks.domain.testing.NameServer;
import dev.feedbackwebhooks.proto.v1.Attempt;
import dev.feedbackwebhooks.proto.v1.AttemptFailure;
import dev.feedbackwebhooks.proto.v1.AttemptResult;
import dev.feedbackwebhooks.proto.v1.Delivery;
import dev.feedbackwebhooks.proto.v1.GetDeliveryRequest;
import dev.feedbackwebhooks.proto.v1.HeaderField;
import dev.feedbackwebhooks.proto.v1.HeaderParameter;
import dev.feedbackwebhooks.proto.v1.JwtAlgorithm;
import dev.feedbackwebhooks.proto.v1.JwtAuthentication;
import dev.feedbackwebhooks.proto.v1.UpdateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who asks where an event is gets to see every try at it. */
class AttemptsJourneyTest {
  private static final String SECRET = "a-key-that-nobody-sees";

  @TempDir Path directory;

  @Test
  void everyAttemptTellsHowItWentAndNoSecret() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint, Patience.retries())) {
      Api api = new Api(server);
      WebhookConfig config =
          api.setUp(
              Api.config("https://nowhere.invalid/hook")
                  .addHeaderParameters(header("x-api-key", SECRET, true))
                  .addHeaderParameters(header("x-tenant", "blue", false))
                  .setJwt(
                      JwtAuthentication.newBuilder()
                          .setAlgorithm(JwtAlgorithm.JWT_ALGORITHM_HS256)
                          .setSecret(ByteString.copyFromUtf8("0123456789abcdef0123456789abcdef"))));
      String name = api.publish(Api.event("e-1").build()).getFirst().getDelivery();
      Attempt unresolved = readOnce(api, name, 1).getAttempts(0);
      endpoint.echoes();
      endpoint.answers(500);
      moveTo(api, config, endpoint.url("/hook"));
      await()
          .until(() ->
              read(api, name).getAttemptsList().stream().anyMatch(AttemptsJourneyTest::is500));
      endpoint.answers(200);
      Delivery delivered = awaitDelivered(api, name);

      assertThat(unresolved.getFailure()).isEqualTo(AttemptFailure.ATTEMPT_FAILURE_DNS);
      assertThat(unresolved.getTiming().hasDns()).isTrue();
      assertThat(unresolved.getTiming().hasConnect()).isFalse();
      assertThat(unresolved.getRemoteAddress()).isEmpty();
      assertThat(unresolved.getRequestHeadersList()).isEmpty();
      assertThat(unresolved.hasNextAttemptTime()).isTrue();

      Attempt answered =
          delivered.getAttemptsList().stream()
              .filter(AttemptsJourneyTest::is500)
              .findFirst()
              .orElseThrow();
      assertThat(answered.getRemoteAddress()).isEqualTo("127.0.0.1:" + endpoint.port());
      assertThat(answered.getProtocol()).isEqualTo("http/1.1");
      assertThat(answered.getConnectionReused()).isFalse();
      assertThat(answered.getTiming().hasDns()).as("the URL has an address").isFalse();
      assertThat(answered.getTiming().hasConnect()).isTrue();
      assertThat(answered.getTiming().hasTls()).isTrue();
      assertThat(answered.getTiming().hasFirstByte()).isTrue();
      assertThat(Durations.compare(answered.getTiming().getTotal(), answered.getTiming().getTls()))
          .isPositive();
      assertThat(answered.getRequestHeadersList())
          .contains(
              field("x-tenant", "blue", false),
              field("x-api-key", "", true),
              field("authorization", "", true),
              field("webhook-id", name.substring(name.lastIndexOf('/') + 1), false));
      assertThat(answered.getResponseHeadersList())
          .as("what was echoed, without what is secret in it")
          .anySatisfy(header -> {
            assertThat(header.getName()).isEqualToIgnoringCase("echo-x-api-key");
            assertThat(header.getValue()).isEqualTo("***");
          });
      assertThat(answered.getResponseBody().toStringUtf8()).contains("blue", "Bearer ***");
      assertThat(answered.getResponseBodyTruncated()).isFalse();

      Attempt accepted = delivered.getAttempts(delivered.getAttemptsCount() - 1);
      assertThat(accepted.getResult()).isEqualTo(AttemptResult.ATTEMPT_RESULT_ACCEPTED);
      assertThat(accepted.getConnectionReused()).isTrue();
      assertThat(accepted.getTiming().hasConnect()).isFalse();
      assertThat(accepted.getTiming().hasFirstByte()).isTrue();
      assertThat(accepted.getResponseHeadersCount()).isPositive();
      assertThat(accepted.hasNextAttemptTime()).isFalse();
      assertThat(delivered.toString()).doesNotContain(SECRET, "eyJ");
    }
  }

  @Test
  void howFarAnAttemptCameShowsInItsPhases() throws Exception {
    String head = "HTTP/1.1 500 no\r\ncontent-length: 3072\r\n\r\n";
    try (Endpoint endpoint = Endpoint.start(directory);
        HostileEndpoint wordy = endpoint.hostile("http/1.1", says(head + "x".repeat(3_072)));
        HostileEndpoint silent = endpoint.hostile("h2", says("\0\0\0\4\0\0\0\0\0"));
        NameServer names = NameServer.start("10.0.0.1", "127.0.0.1");
        RunningServer server =
            RunningServer.start(
                directory,
                endpoint,
                "--retry-schedule=1h",
                "--attempt-timeout=10s",
                "--connect-timeout=10s",
                "--egress-dns=" + names.address())) {
      Api api = new Api(server);
      WebhookConfig config = api.setUp(Api.config(endpoint.namedUrl("/")));
      String other = endpoint.namedUrl("/").replace(Endpoint.NAME, "other.example.com");

      Attempt refused = first(api, "e-1");
      assertThat(refused.getFailure()).isEqualTo(AttemptFailure.ATTEMPT_FAILURE_EGRESS_FORBIDDEN);
      assertThat(phases(refused)).containsExactly("dns");

      moveTo(api, config, other);
      Attempt misnamed = first(api, "e-2");
      assertThat(misnamed.getFailure()).isEqualTo(AttemptFailure.ATTEMPT_FAILURE_TLS_NAME);
      assertThat(phases(misnamed)).containsExactly("dns", "connect");
      assertThat(misnamed.getRemoteAddress()).isEqualTo("127.0.0.1:" + endpoint.port());

      moveTo(api, config, silent.url());
      Attempt unanswered = first(api, "e-3");
      assertThat(unanswered.getFailure()).isEqualTo(AttemptFailure.ATTEMPT_FAILURE_TIMEOUT);
      assertThat(unanswered.getProtocol()).isEqualTo("h2");
      assertThat(phases(unanswered)).containsExactly("connect", "tls");

      moveTo(api, config, wordy.url());
      Attempt answered = first(api, "e-4");
      assertThat(phases(answered)).containsExactly("connect", "tls", "first_byte");
      assertThat(answered.getResponseBody().toStringUtf8()).isEqualTo("x".repeat(2_048));
      assertThat(answered.getResponseBodyTruncated()).isTrue();
    }
  }

  private static HostileEndpoint.Behaviour says(String text) {
    return connection -> {
      connection.getOutputStream().write(HostileEndpoint.bytes(text));
      connection.getOutputStream().flush();
    };
  }

  /** The first attempt at a new event. */
  private static Attempt first(Api api, String eventId) throws Exception {
    String name = api.publish(Api.event(eventId).build()).getFirst().getDelivery();
    return readOnce(api, name, 1).getAttempts(0);
  }

  private static List<String> phases(Attempt attempt) {
    return attempt.getTiming().getAllFields().keySet().stream()
        .map(FieldDescriptor::getName)
        .filter(phase -> !phase.equals("total"))
        .toList();
  }

  private static boolean is500(Attempt attempt) {
    return attempt.getHttpStatus() == 500;
  }

  private static Delivery read(Api api, String name) {
    return api.deliveries.getDelivery(GetDeliveryRequest.newBuilder().setName(name).build());
  }

  private static Delivery readOnce(Api api, String name, int attempts) {
    await().until(() -> read(api, name).getAttemptsCount() >= attempts);
    return read(api, name);
  }

  private static Delivery awaitDelivered(Api api, String name) {
    await().until(() -> read(api, name).getAttemptsList().getLast().getHttpStatus() == 200);
    return read(api, name);
  }

  private static void moveTo(Api api, WebhookConfig config, String url) {
    var _ =
        api.configs.updateWebhookConfig(
            UpdateWebhookConfigRequest.newBuilder()
                .setWebhookConfig(config.toBuilder().setUrl(url).clearEtag())
                .setUpdateMask(FieldMask.newBuilder().addAllPaths(List.of("url")))
                .build());
  }

  private static HeaderParameter header(String name, String value, boolean sensitive) {
    return HeaderParameter.newBuilder()
        .setName(name)
        .setValue(value)
        .setSensitive(sensitive)
        .build();
  }

  private static HeaderField field(String name, String value, boolean masked) {
    return HeaderField.newBuilder().setName(name).setValue(value).setMasked(masked).build();
  }
}
