package dev.feedbackwebhooks.app.journey;

import com.google.longrunning.OperationsGrpc;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.feedbackwebhooks.proto.v1.AuditServiceGrpc;
import dev.feedbackwebhooks.proto.v1.Campaign;
import dev.feedbackwebhooks.proto.v1.CampaignServiceGrpc;
import dev.feedbackwebhooks.proto.v1.Channel;
import dev.feedbackwebhooks.proto.v1.CreateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.DeliveryServiceGrpc;
import dev.feedbackwebhooks.proto.v1.FeedbackEvent;
import dev.feedbackwebhooks.proto.v1.FeedbackIngestServiceGrpc;
import dev.feedbackwebhooks.proto.v1.FeedbackResult;
import dev.feedbackwebhooks.proto.v1.PublishFeedbackRequest;
import dev.feedbackwebhooks.proto.v1.UpdateCampaignRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import dev.feedbackwebhooks.proto.v1.WebhookConfigServiceGrpc;
import java.util.List;

/** The service's clients, and requests that are right. */
final class Api {
  static final String PARENT = "organizations/myImsOrg/sandboxes/prod";
  static final String CONFIG = PARENT + "/webhookConfig";
  static final String CAMPAIGN = PARENT + "/campaigns/16f24a15-7e21-477c-848a-d5695ca7f137";

  /** The event of the documentation, which becomes its sample payload. */
  static final String SAMPLE_EVENT =
      """
      {"eventId": "e-1", "eventTime": "2026-11-24T09:00:00Z",
       "requestId": "8NoByJneShCdCGRnrGS1t1m3CdA73dhR", "imsOrg": "myImsOrg",
       "sandbox": {"id": "068abf40-575e-11ea-8512-9b1bfdb82603", "name": "prod"},
       "channel": "CHANNEL_EMAIL",
       "messageExecution": {"messageExecutionID": "HUMA-26362805",
         "messageType": "MESSAGE_TYPE_TRANSACTIONAL",
         "campaignID": "16f24a15-7e21-477c-848a-d5695ca7f137",
         "campaignVersionID": "2ca10c10-56dd-4505-87cd-fa5da84e7a5d"},
       "messageDeliveryFeedback": {"feedbackStatus": "FEEDBACK_STATUS_BOUNCE", "retryCount": 0,
         "messageFailure": {"category": "FAILURE_CATEGORY_SYNC", "type": "Ignored", "code": "25",
           "reason": "Admin Failure"}},
       "identityMap": {"email": {"identities": [{"id": "john.doe@luma.com", "primary": true}]}}}
      """;

  /** What its receiver gets. */
  static final String SAMPLE_PAYLOAD =
      """
      {"requestId":"8NoByJneShCdCGRnrGS1t1m3CdA73dhR","imsOrg":"myImsOrg",\
      "sandbox":{"id":"068abf40-575e-11ea-8512-9b1bfdb82603","name":"prod"},"channel":"email",\
      "eventType":"message.feedback",\
      "messageExecution":{"messageExecutionID":"HUMA-26362805","messageType":"transactional",\
      "campaignID":"16f24a15-7e21-477c-848a-d5695ca7f137",\
      "campaignVersionID":"2ca10c10-56dd-4505-87cd-fa5da84e7a5d"},\
      "messageDeliveryFeedback":{"feedbackStatus":{"value":"bounce"},"offers":null,\
      "messageExclusion":null,"messageFailure":{"category":"sync","type":"Ignored","code":"25",\
      "reason":"Admin Failure"},"retryCount":0},\
      "identityMap":{"email":[{"id":"john.doe@luma.com","primary":true}]}}\
      """;

  private final String organization;
  final WebhookConfigServiceGrpc.WebhookConfigServiceBlockingStub configs;
  final CampaignServiceGrpc.CampaignServiceBlockingStub campaigns;
  final DeliveryServiceGrpc.DeliveryServiceBlockingStub deliveries;
  final OperationsGrpc.OperationsBlockingStub operations;
  final AuditServiceGrpc.AuditServiceBlockingStub audit;
  final FeedbackIngestServiceGrpc.FeedbackIngestServiceBlockingStub ingest;
  final FeedbackIngestServiceGrpc.FeedbackIngestServiceStub streams;

  Api(RunningServer server) {
    this(server.channel());
  }

  Api(io.grpc.Channel channel) {
    this(channel, "myImsOrg");
  }

  /** Of one of many organizations, whose tests share a server. */
  Api(RunningServer server, String organization) {
    this(server.channel(), organization);
  }

  private Api(io.grpc.Channel channel, String organization) {
    this.organization = organization;
    configs = WebhookConfigServiceGrpc.newBlockingStub(channel);
    campaigns = CampaignServiceGrpc.newBlockingStub(channel);
    deliveries = DeliveryServiceGrpc.newBlockingStub(channel);
    operations = OperationsGrpc.newBlockingStub(channel);
    audit = AuditServiceGrpc.newBlockingStub(channel);
    ingest = FeedbackIngestServiceGrpc.newBlockingStub(channel);
    streams = FeedbackIngestServiceGrpc.newStub(channel);
  }

  private Api(Api other, Bearer token) {
    organization = other.organization;
    configs = other.configs.withCallCredentials(token);
    campaigns = other.campaigns.withCallCredentials(token);
    deliveries = other.deliveries.withCallCredentials(token);
    operations = other.operations.withCallCredentials(token);
    audit = other.audit.withCallCredentials(token);
    ingest = other.ingest.withCallCredentials(token);
    streams = other.streams.withCallCredentials(token);
  }

  /** The same clients, with a token. */
  Api as(Bearer token) {
    return new Api(this, token);
  }

  /** The sandbox that all of it is about. */
  String parent() {
    return "organizations/" + organization + "/sandboxes/prod";
  }

  String configName() {
    return parent() + "/webhookConfig";
  }

  String campaignName() {
    return parent() + CAMPAIGN.substring(PARENT.length());
  }

  /** The sample event, under another id. */
  FeedbackEvent.Builder newEvent(String eventId) {
    return event(eventId).setImsOrg(organization);
  }

  /** A configuration for e-mail, and the sample campaign switched on. */
  WebhookConfig setUp(WebhookConfig.Builder config) {
    WebhookConfig created = create(config.build());
    enableCampaign();
    return created;
  }

  WebhookConfig create(WebhookConfig config) {
    return configs.createWebhookConfig(
        CreateWebhookConfigRequest.newBuilder()
            .setParent(parent())
            .setWebhookConfig(config)
            .build());
  }

  void enableCampaign() {
    var _ =
        campaigns.updateCampaign(
            UpdateCampaignRequest.newBuilder()
                .setCampaign(Campaign.newBuilder().setName(campaignName()).setWebhooksEnabled(true))
                .build());
  }

  List<FeedbackResult> publish(FeedbackEvent... events) {
    return ingest
        .publishFeedback(PublishFeedbackRequest.newBuilder().addAllEvents(List.of(events)).build())
        .getResultsList();
  }

  static WebhookConfig.Builder config(String url) {
    return WebhookConfig.newBuilder()
        .setDisplayName("Feedback")
        .addChannels(Channel.CHANNEL_EMAIL)
        .setUrl(url);
  }

  static FeedbackEvent.Builder event(String eventId) {
    FeedbackEvent.Builder event = FeedbackEvent.newBuilder();
    try {
      JsonFormat.parser().merge(SAMPLE_EVENT, event);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
    return event.setEventId(eventId);
  }
}
