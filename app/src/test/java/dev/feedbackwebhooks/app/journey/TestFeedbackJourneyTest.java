package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.FieldMask;
import dev.feedbackwebhooks.proto.v1.Attempt;
import dev.feedbackwebhooks.proto.v1.AttemptFailure;
import dev.feedbackwebhooks.proto.v1.AttemptResult;
import dev.feedbackwebhooks.proto.v1.AuditAction;
import dev.feedbackwebhooks.proto.v1.AuditRecord;
import dev.feedbackwebhooks.proto.v1.Channel;
import dev.feedbackwebhooks.proto.v1.FeedbackStatus;
import dev.feedbackwebhooks.proto.v1.HeaderField;
import dev.feedbackwebhooks.proto.v1.ListAuditRecordsRequest;
import dev.feedbackwebhooks.proto.v1.ListDeliveriesRequest;
import dev.feedbackwebhooks.proto.v1.SendTestFeedbackRequest;
import dev.feedbackwebhooks.proto.v1.SendTestFeedbackResponse;
import dev.feedbackwebhooks.proto.v1.UpdateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A customer tries its configuration out, and is told what is wrong with it. */
class TestFeedbackJourneyTest {
  @TempDir Path directory;

  @Test
  void aSampleTellsHowItWentAndWhatToDoAboutIt() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    try (Endpoint endpoint = Endpoint.start(directory);
        Endpoint untrusted = Endpoint.stranger(directory);
        RunningServer server =
            RunningServer.start(
                directory, endpoint, "--attempt-timeout=8s", "--connect-timeout=8s")) {
      Api api = new Api(server);
      refuses(api, Status.Code.NOT_FOUND, test(FeedbackStatus.FEEDBACK_STATUS_SENT));
      api.create(Api.config(endpoint.url("/hook")).setEnabled(false).build());

      accepted(api, endpoint);
      fails(api, endpoint, 401, "authentication");
      fails(api, endpoint, 302, "redirects are never followed");
      endpoint.answers(_ -> hang(hanging));
      SendTestFeedbackResponse late = send(api);
      assertThat(late.getAttempt().getFailure()).isEqualTo(AttemptFailure.ATTEMPT_FAILURE_TIMEOUT);
      assertThat(late.getAdvice(0)).contains("took too long");
      hanging.countDown();
      move(api, untrusted.url("/"));
      SendTestFeedbackResponse mistrusted = send(api);
      assertThat(mistrusted.getAttempt().getFailure())
          .isEqualTo(AttemptFailure.ATTEMPT_FAILURE_TLS_UNTRUSTED);
      assertThat(mistrusted.getAdvice(0)).contains("intermediate certificates");

      assertThat(untrusted.received()).isEmpty();
      assertThat(
              api.deliveries
                  .listDeliveries(ListDeliveriesRequest.newBuilder().setParent(Api.PARENT).build())
                  .getDeliveriesList())
          .isEmpty();
      assertThat(
              api.audit
                  .listAuditRecords(
                      ListAuditRecordsRequest.newBuilder().setParent(Api.PARENT).build())
                  .getAuditRecordsList())
          .extracting(AuditRecord::getAction)
          .filteredOn(AuditAction.AUDIT_ACTION_TEST_CONFIG::equals)
          .hasSize(5);
      bounds(api);
    } finally {
      hanging.countDown();
    }
  }

  private static void accepted(Api api, Endpoint endpoint) {
    SendTestFeedbackResponse response = send(api);
    Endpoint.Received received = endpoint.received().getLast();

    Attempt attempt = response.getAttempt();
    assertThat(attempt.getResult()).isEqualTo(AttemptResult.ATTEMPT_RESULT_ACCEPTED);
    assertThat(attempt.getHttpStatus()).isEqualTo(204);
    assertThat(attempt.getTiming().hasTls()).isTrue();
    assertThat(attempt.getRequestHeadersList())
        .contains(HeaderField.newBuilder().setName("webhook-test").setValue("true").build());
    assertThat(response.getAdviceList()).isEmpty();
    assertThat(received.headers().get("webhook-test")).containsExactly("true");
    assertThat(received.body())
        .isEqualTo(response.getPayload())
        .startsWith("{\"requestId\":\"test-" + received.webhookId())
        .contains("\"feedbackStatus\":{\"value\":\"bounce\"}", "test@example.com");
  }

  private static void fails(Api api, Endpoint endpoint, int status, String advice) {
    endpoint.answers(status);
    SendTestFeedbackResponse response = send(api);
    assertThat(response.getAttempt().getHttpStatus()).isEqualTo(status);
    assertThat(response.getAdviceList()).singleElement().asString().contains(advice);
  }

  private static int hang(CountDownLatch until) {
    try {
      until.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    return 204;
  }

  private static void bounds(Api api) {
    refuses(api, Status.Code.INVALID_ARGUMENT, test(FeedbackStatus.FEEDBACK_STATUS_UNSPECIFIED));
    refuses(api, Status.Code.INVALID_ARGUMENT, test(FeedbackStatus.FEEDBACK_STATUS_READ));
    refuses(
        api,
        Status.Code.INVALID_ARGUMENT,
        test(FeedbackStatus.FEEDBACK_STATUS_SENT).setChannel(Channel.CHANNEL_SMS));
    // So many a minute: a few more, if this machine is slow.
    await().pollInterval(Duration.ofMillis(1)).until(() -> isRefusedNow(api));
  }

  private static boolean isRefusedNow(Api api) {
    try {
      var _ = send(api);
      return false;
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      return true;
    }
  }

  private static SendTestFeedbackRequest.Builder test(FeedbackStatus status) {
    return SendTestFeedbackRequest.newBuilder().setName(Api.CONFIG).setStatus(status);
  }

  private static SendTestFeedbackResponse send(Api api) {
    return api.configs.sendTestFeedback(test(FeedbackStatus.FEEDBACK_STATUS_BOUNCE).build());
  }

  private static void refuses(Api api, Status.Code code, SendTestFeedbackRequest.Builder request) {
    assertThat(Refusal.of(() -> api.configs.sendTestFeedback(request.build())).code())
        .isEqualTo(code);
  }

  private static void move(Api api, String url) {
    var _ =
        api.configs.updateWebhookConfig(
            UpdateWebhookConfigRequest.newBuilder()
                .setWebhookConfig(WebhookConfig.newBuilder().setName(Api.CONFIG).setUrl(url))
                .setUpdateMask(FieldMask.newBuilder().addPaths("url"))
                .build());
  }
}
