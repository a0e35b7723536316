package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static dev.feedbackwebhooks.proto.v1.AuditAction.*;
import static dev.feedbackwebhooks.proto.v1.AuditAuthentication.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.feedbackwebhooks.proto.v1.AuditActor;
import dev.feedbackwebhooks.proto.v1.AuditRecord;
import dev.feedbackwebhooks.proto.v1.FieldChange;
import dev.feedbackwebhooks.proto.v1.ListAuditRecordsRequest;
import dev.feedbackwebhooks.proto.v1.RetryDeliveryRequest;
import dev.feedbackwebhooks.proto.v1.UpdateWebhookConfigRequest;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the records say where nobody is asked who they are, and of what the service does itself. */
class AuditWithoutTokensJourneyTest {
  @TempDir Path directory;

  @Test
  void tellsThatTheServiceDisabledAConfigurationAndThatSomebodyEnabledItAndRetried()
      throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint)) {
      Api api = new Api(server);
      endpoint.answers(410);
      var _ = api.setUp(Api.config(endpoint.url("/")));
      String delivery = api.publish(Api.event("e-1").build()).getFirst().getDelivery();
      await().until(() -> list(api).size() == 3);
      AuditRecord disabled = list(api).getFirst();
      assertThat(disabled.getAction()).isEqualTo(AUDIT_ACTION_DISABLE_CONFIG);
      assertThat(disabled.getActor())
          .isEqualTo(
              AuditActor.newBuilder().setAuthentication(AUDIT_AUTHENTICATION_SERVICE).build());
      assertThat(disabled.getResource()).isEqualTo(Api.CONFIG);
      assertThat(disabled.getChangesList())
          .extracting(FieldChange::getField, change -> change.getAfter().getText())
          .containsExactly(tuple("enabled", "false"), tuple("state", "DISABLED_BY_ENDPOINT"));
      // It is retried while it waits, which it goes on doing.
      endpoint.answers(503);
      enable(api, endpoint);
      await().until(() -> isRetried(api, delivery));
      List<AuditRecord> records = list(api);
      assertThat(records)
          .extracting(AuditRecord::getAction)
          .containsExactly(
              AUDIT_ACTION_RETRY_DELIVERY,
              AUDIT_ACTION_UPDATE_CONFIG,
              AUDIT_ACTION_DISABLE_CONFIG,
              AUDIT_ACTION_OPT_IN_CAMPAIGN,
              AUDIT_ACTION_CREATE_CONFIG);
      assertThat(records.getFirst().getResource()).isEqualTo(delivery);
      assertThat(records)
          .extracting(record -> record.getActor().getAuthentication())
          .containsExactly(
              AUDIT_AUTHENTICATION_ANONYMOUS,
              AUDIT_AUTHENTICATION_ANONYMOUS,
              AUDIT_AUTHENTICATION_SERVICE,
              AUDIT_AUTHENTICATION_ANONYMOUS,
              AUDIT_AUTHENTICATION_ANONYMOUS);
    }
  }

  private static boolean isRetried(Api api, String delivery) {
    try {
      var _ =
          api.deliveries.retryDelivery(RetryDeliveryRequest.newBuilder().setName(delivery).build());
      return true;
    } catch (StatusRuntimeException e) {
      assertThat(Refusal.of(e).reason()).isEqualTo("DELIVERY_NOT_RETRYABLE");
      return false;
    }
  }

  private static void enable(Api api, Endpoint endpoint) {
    var _ =
        api.configs.updateWebhookConfig(
            UpdateWebhookConfigRequest.newBuilder()
                .setWebhookConfig(
                    Api.config(endpoint.url("/")).setName(Api.CONFIG).setEnabled(true))
                .build());
  }

  private static List<AuditRecord> list(Api api) {
    return api.audit
        .listAuditRecords(ListAuditRecordsRequest.newBuilder().setParent(Api.PARENT).build())
        .getAuditRecordsList();
  }
}
