package dev.feedbackwebhooks.grpc.service;

import dev.feedbackwebhooks.domain.campaign.Campaigns;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.grpc.access.Callers;
import dev.feedbackwebhooks.grpc.codec.TimeCodec;
import dev.feedbackwebhooks.grpc.query.Page;
import dev.feedbackwebhooks.grpc.query.ResourceNames;
import dev.feedbackwebhooks.grpc.query.ResourceNames.CampaignName;
import dev.feedbackwebhooks.proto.v1.Campaign;
import dev.feedbackwebhooks.proto.v1.CampaignServiceGrpc;
import dev.feedbackwebhooks.proto.v1.GetCampaignRequest;
import dev.feedbackwebhooks.proto.v1.ListCampaignsRequest;
import dev.feedbackwebhooks.proto.v1.ListCampaignsResponse;
import dev.feedbackwebhooks.proto.v1.UpdateCampaignRequest;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Set;

/** Campaigns' opt-ins over gRPC. */
public final class CampaignGrpcService extends CampaignServiceGrpc.CampaignServiceImplBase {
  private static final String ENABLED = "webhooks_enabled";

  /** The one field to set, and those that a mask may name without effect. */
  private static final Set<String> PATHS = Set.of(ENABLED, "name", "update_time");

  private final Campaigns campaigns;

  public CampaignGrpcService(Campaigns campaigns) {
    this.campaigns = campaigns;
  }

  @Override
  public void getCampaign(GetCampaignRequest request, StreamObserver<Campaign> caller) {
    Answers.answer(
        caller,
        () -> {
          CampaignName name = ResourceNames.campaign("name", request.getName());
          return toProto(campaigns.get(name.scope(), name.campaign()));
        });
  }

  @Override
  public void listCampaigns(
      ListCampaignsRequest request, StreamObserver<ListCampaignsResponse> caller) {
    Answers.answer(caller, () -> list(request));
  }

  private ListCampaignsResponse list(ListCampaignsRequest request) {
    Scope scope = ResourceNames.parent(request.getParent());
    Page page = Page.of("campaigns " + scope.name(), request.getPageSize(), request.getPageToken());
    List<dev.feedbackwebhooks.domain.campaign.Campaign> found =
        campaigns.list(scope, page.after(), page.limit());
    return ListCampaignsResponse.newBuilder()
        .addAllCampaigns(page.items(found).stream().map(CampaignGrpcService::toProto).toList())
        .setNextPageToken(page.next(found, dev.feedbackwebhooks.domain.campaign.Campaign::id))
        .build();
  }

  @Override
  public void updateCampaign(UpdateCampaignRequest request, StreamObserver<Campaign> caller) {
    Answers.answer(
        caller,
        () -> {
          CampaignName name =
              ResourceNames.campaign("campaign.name", request.getCampaign().getName());
          List<String> paths = request.getUpdateMask().getPathsList();
          check(paths);
          boolean asked = paths.isEmpty() || paths.contains("*") || paths.contains(ENABLED);
          return toProto(
              asked
                  ? campaigns.put(
                      Callers.current().actor(),
                      name.scope(),
                      name.campaign(),
                      request.getCampaign().getWebhooksEnabled())
                  : campaigns.get(name.scope(), name.campaign()));
        });
  }

  private static void check(List<String> paths) {
    for (String path : paths) {
      if (!PATHS.contains(path) && !path.equals("*")) {
        throw Fault.InvalidFields.of(
            Reason.INVALID_FIELDS,
            "update_mask",
            "'" + path + "' is no field of Campaign: give webhooks_enabled");
      }
    }
  }

  private static Campaign toProto(dev.feedbackwebhooks.domain.campaign.Campaign campaign) {
    return Campaign.newBuilder()
        .setName(campaign.name())
        .setWebhooksEnabled(campaign.webhooksEnabled())
        .setUpdateTime(TimeCodec.toProto(campaign.updateTime()))
        .build();
  }
}
