package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;

import com.google.longrunning.CancelOperationRequest;
import com.google.longrunning.DeleteOperationRequest;
import com.google.longrunning.GetOperationRequest;
import com.google.longrunning.ListOperationsRequest;
import com.google.longrunning.WaitOperationRequest;
import dev.feedbackwebhooks.proto.v1.AuditRecord;
import dev.feedbackwebhooks.proto.v1.GetAuditRecordRequest;
import dev.feedbackwebhooks.proto.v1.GetCampaignRequest;
import dev.feedbackwebhooks.proto.v1.GetDeliveryRequest;
import dev.feedbackwebhooks.proto.v1.GetDeliveryStatsRequest;
import dev.feedbackwebhooks.proto.v1.GetWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.ListAuditRecordsRequest;
import dev.feedbackwebhooks.proto.v1.ListCampaignsRequest;
import dev.feedbackwebhooks.proto.v1.ListDeliveriesRequest;
import dev.feedbackwebhooks.proto.v1.ListWebhookConfigsRequest;
import dev.feedbackwebhooks.proto.v1.ReplayDeliveriesRequest;
import dev.feedbackwebhooks.proto.v1.RetryDeliveryRequest;
import dev.feedbackwebhooks.proto.v1.WatchDeliveriesRequest;
import io.grpc.Context;
import java.util.List;
import java.util.UUID;

/**
 * All that a client may ask, of a server that has the configuration and the campaign of {@link
 * Api}.
 */
final class EveryCall {
  private EveryCall() {}

  /** Every call that reads. */
  static void calls(Api api) {
    var _ =
        api.deliveries.getDeliveryStats(
            GetDeliveryStatsRequest.newBuilder().setName(Api.PARENT + "/deliveryStats").build());
    var _ =
        api.configs.getWebhookConfig(
            GetWebhookConfigRequest.newBuilder().setName(Api.CONFIG).build());
    var _ =
        api.configs.listWebhookConfigs(
            ListWebhookConfigsRequest.newBuilder()
                .setParent("organizations/-/sandboxes/-")
                .build());
    var _ =
        api.campaigns.getCampaign(GetCampaignRequest.newBuilder().setName(Api.CAMPAIGN).build());
    var _ =
        api.campaigns.listCampaigns(
            ListCampaignsRequest.newBuilder().setParent(Api.PARENT).build());
    var _ =
        api.deliveries.listDeliveries(
            ListDeliveriesRequest.newBuilder().setParent(Api.PARENT).build());
    watch(api);
    for (AuditRecord record : records(api)) {
      var _ =
          api.audit.getAuditRecord(
              GetAuditRecordRequest.newBuilder().setName(record.getName()).build());
    }
  }

  static List<AuditRecord> records(Api api) {
    return api.audit
        .listAuditRecords(
            ListAuditRecordsRequest.newBuilder().setParent(Api.PARENT).setPageSize(100).build())
        .getAuditRecordsList();
  }

  static void replay(Api api) {
    String name =
        api.deliveries
            .replayDeliveries(
                ReplayDeliveriesRequest.newBuilder()
                    .setParent(Api.PARENT)
                    .setFilter(
                        "create_time > 2020-01-01T00:00:00Z AND create_time < 2222-01-01T00:00:00Z")
                    .build())
            .getName();
    var _ = api.operations.getOperation(GetOperationRequest.newBuilder().setName(name).build());
    var _ = api.operations.waitOperation(WaitOperationRequest.newBuilder().setName(name).build());
    var _ =
        api.operations.listOperations(
            ListOperationsRequest.newBuilder().setName(Api.PARENT).build());
    var _ =
        api.operations.cancelOperation(CancelOperationRequest.newBuilder().setName(name).build());
    var _ =
        api.operations.deleteOperation(DeleteOperationRequest.newBuilder().setName(name).build());
  }

  static void deliver(Api api) throws Exception {
    EventStream stream = new EventStream(api);
    String id = UUID.randomUUID().toString();
    stream.send(Api.event(id).build());
    String name = stream.end().getFirst().getDelivery();
    var _ = api.publish(Api.event(id).build());
    GetDeliveryRequest get = GetDeliveryRequest.newBuilder().setName(name).build();
    await()
        .until(() ->
            api.deliveries
                .getDelivery(get)
                .getState()
                .name()
                .matches(".*(DELIVERED|EXHAUSTED|REFUSED)"));
    if (!api.deliveries.getDelivery(get).getState().name().endsWith("DELIVERED")) {
      var _ = api.deliveries.retryDelivery(RetryDeliveryRequest.newBuilder().setName(name).build());
    }
  }

  private static void watch(Api api) {
    Context.CancellableContext call = Context.current().withCancellation();
    call.run(() -> {
      var _ =
          api.deliveries
              .watchDeliveries(WatchDeliveriesRequest.newBuilder().setParent(Api.PARENT).build())
              .next();
    });
    var _ = call.cancel(null);
  }
}
