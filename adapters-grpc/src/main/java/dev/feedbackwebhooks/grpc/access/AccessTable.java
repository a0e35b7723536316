package dev.feedbackwebhooks.grpc.access;

import dev.feedbackwebhooks.domain.access.Permission;
import dev.feedbackwebhooks.domain.fault.Fault;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The permission that each call needs. A call that does not stand here is refused. */
final class AccessTable {
  private static final String CONFIGS = "feedback.v1.WebhookConfigService/";
  private static final String CAMPAIGNS = "feedback.v1.CampaignService/";
  private static final String INGEST = "feedback.v1.FeedbackIngestService/";
  private static final String DELIVERIES = "feedback.v1.DeliveryService/";
  private static final String OPERATIONS = "google.longrunning.Operations/";
  private static final String AUDIT = "feedback.v1.AuditService/";

  private static final Map<String, Need> NEEDS =
      Map.ofEntries(
          Map.entry(CONFIGS + "CreateWebhookConfig", in("parent", Permission.WRITE_CONFIGS)),
          Map.entry(CONFIGS + "GetWebhookConfig", in("name", Permission.READ_CONFIGS)),
          Map.entry(CONFIGS + "ListWebhookConfigs", in("parent", Permission.READ_CONFIGS)),
          Map.entry(
              CONFIGS + "UpdateWebhookConfig", in("webhook_config.name", Permission.WRITE_CONFIGS)),
          Map.entry(CONFIGS + "DeleteWebhookConfig", in("name", Permission.WRITE_CONFIGS)),
          Map.entry(CONFIGS + "SendTestFeedback", in("name", Permission.WRITE_CONFIGS)),
          Map.entry(CAMPAIGNS + "GetCampaign", in("name", Permission.READ_CONFIGS)),
          Map.entry(CAMPAIGNS + "ListCampaigns", in("parent", Permission.READ_CONFIGS)),
          Map.entry(CAMPAIGNS + "UpdateCampaign", in("campaign.name", Permission.WRITE_CAMPAIGNS)),
          Map.entry(INGEST + "StreamFeedback", new Need.InEach(Permission.WRITE_EVENTS)),
          Map.entry(INGEST + "PublishFeedback", new Need.InEach(Permission.WRITE_EVENTS)),
          Map.entry(DELIVERIES + "GetDelivery", in("name", Permission.READ_DELIVERIES)),
          Map.entry(DELIVERIES + "ListDeliveries", in("parent", Permission.READ_DELIVERIES)),
          Map.entry(DELIVERIES + "WatchDeliveries", in("parent", Permission.READ_DELIVERIES)),
          Map.entry(DELIVERIES + "GetDeliveryStats", in("name", Permission.READ_DELIVERIES)),
          Map.entry(DELIVERIES + "RetryDelivery", in("name", Permission.WRITE_DELIVERIES)),
          Map.entry(DELIVERIES + "ReplayDeliveries", in("parent", Permission.WRITE_DELIVERIES)),
          Map.entry(OPERATIONS + "GetOperation", in("name", Permission.READ_DELIVERIES)),
          Map.entry(OPERATIONS + "ListOperations", in("name", Permission.READ_DELIVERIES)),
          Map.entry(OPERATIONS + "WaitOperation", in("name", Permission.READ_DELIVERIES)),
          Map.entry(OPERATIONS + "CancelOperation", in("name", Permission.WRITE_DELIVERIES)),
          Map.entry(OPERATIONS + "DeleteOperation", in("name", Permission.WRITE_DELIVERIES)),
          Map.entry(AUDIT + "GetAuditRecord", in("name", Permission.READ_AUDIT)),
          Map.entry(AUDIT + "ListAuditRecords", in("parent", Permission.READ_AUDIT)),
          // The schema is no secret, but who may read it is known by name.
          Map.entry(
              "grpc.reflection.v1.ServerReflection/ServerReflectionInfo", new Need.AnyToken()),
          Map.entry(
              "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", new Need.AnyToken()),
          // Load balancers have no tokens.
          Map.entry("grpc.health.v1.Health/Check", new Need.Nothing()),
          Map.entry("grpc.health.v1.Health/Watch", new Need.Nothing()));

  private AccessTable() {}

  /** The permission or role that a caller must have. */
  sealed interface Need {
    /** No token. */
    record Nothing() implements Need {}

    /** A good token, whatever it allows. */
    record AnyToken() implements Need {}

    /**
     * A permission where the request's resource is.
     *
     * @param field path of the request's field that names it
     */
    record In(Permission permission, String field) implements Need {}

    /** A permission somewhere; each event that is for elsewhere is rejected by itself. */
    record InEach(Permission permission) implements Need {}
  }

  private static Need in(String field, Permission permission) {
    return new Need.In(permission, field);
  }

  /**
   * @param method "package.Service/Method"
   * @throws Fault.PermissionDenied if it does not stand in the table
   */
  static Need need(String method) {
    @Nullable Need need = NEEDS.get(method);
    if (need == null) {
      throw new Fault.PermissionDenied("no permission is known that allows this call");
    }
    return need;
  }

  static Set<String> methods() {
    return NEEDS.keySet();
  }
}
