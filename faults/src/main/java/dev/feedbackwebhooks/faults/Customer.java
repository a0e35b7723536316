package dev.feedbackwebhooks.faults;

import com.google.protobuf.FieldMask;
import dev.feedbackwebhooks.proto.v1.Campaign;
import dev.feedbackwebhooks.proto.v1.CampaignServiceGrpc;
import dev.feedbackwebhooks.proto.v1.Channel;
import dev.feedbackwebhooks.proto.v1.CreateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.DeliveryServiceGrpc;
import dev.feedbackwebhooks.proto.v1.GetDeliveryStatsRequest;
import dev.feedbackwebhooks.proto.v1.UpdateCampaignRequest;
import dev.feedbackwebhooks.proto.v1.UpdateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import dev.feedbackwebhooks.proto.v1.WebhookConfigServiceGrpc;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** The customer's configuration, and its campaign that is switched on. */
final class Customer {
  private final Endpoint endpoint;
  private boolean there;

  Customer(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /** Creates it, if that was not done before: a server forgets nothing. */
  void setUp(ServerProcess server) {
    if (!there) {
      call(server, this::create);
      there = true;
    }
  }

  private void create(ManagedChannel channel) {
    var _ =
        WebhookConfigServiceGrpc.newBlockingStub(channel)
            .createWebhookConfig(
                CreateWebhookConfigRequest.newBuilder()
                    .setParent(Events.PARENT)
                    .setWebhookConfig(
                        WebhookConfig.newBuilder()
                            .setDisplayName("rig")
                            .addChannels(Channel.CHANNEL_EMAIL)
                            .setUrl(endpoint.url()))
                    .build());
    var _ =
        CampaignServiceGrpc.newBlockingStub(channel)
            .updateCampaign(
                UpdateCampaignRequest.newBuilder()
                    .setCampaign(
                        Campaign.newBuilder()
                            .setName(Events.PARENT + "/campaigns/" + Events.CAMPAIGN)
                            .setWebhooksEnabled(true))
                    .build());
  }

  /** Lets the configuration name another place. */
  void moveTo(ServerProcess server, String url) {
    call(
        server,
        channel -> {
          var _ =
              WebhookConfigServiceGrpc.newBlockingStub(channel)
                  .updateWebhookConfig(
                      UpdateWebhookConfigRequest.newBuilder()
                          .setWebhookConfig(
                              WebhookConfig.newBuilder()
                                  .setName(Events.PARENT + "/webhookConfig")
                                  .setUrl(url))
                          .setUpdateMask(FieldMask.newBuilder().addPaths("url"))
                          .build());
        });
  }

  /** How many of its deliveries wait for an attempt, or for its result to be written down. */
  long waiting(ServerProcess server) {
    AtomicLong waiting = new AtomicLong();
    call(
        server,
        channel ->
            waiting.set(
                DeliveryServiceGrpc.newBlockingStub(channel)
                    .getDeliveryStats(
                        GetDeliveryStatsRequest.newBuilder()
                            .setName(Events.PARENT + "/deliveryStats")
                            .build())
                    .getWaiting()));
    return waiting.get();
  }

  private static void call(ServerProcess server, Consumer<ManagedChannel> work) {
    ManagedChannel channel =
        Grpc.newChannelBuilder(server.grpc(), InsecureChannelCredentials.create()).build();
    try {
      work.accept(channel);
    } finally {
      channel.shutdownNow();
    }
  }
}
