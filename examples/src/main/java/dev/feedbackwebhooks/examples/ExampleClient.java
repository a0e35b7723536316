package dev.feedbackwebhooks.examples;

import com.google.protobuf.ByteString;
import dev.feedbackwebhooks.proto.v1.Campaign;
import dev.feedbackwebhooks.proto.v1.CampaignServiceGrpc;
import dev.feedbackwebhooks.proto.v1.Channel;
import dev.feedbackwebhooks.proto.v1.CreateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.FeedbackIngestServiceGrpc;
import dev.feedbackwebhooks.proto.v1.FeedbackResult;
import dev.feedbackwebhooks.proto.v1.JwtAlgorithm;
import dev.feedbackwebhooks.proto.v1.JwtAuthentication;
import dev.feedbackwebhooks.proto.v1.StreamFeedbackRequest;
import dev.feedbackwebhooks.proto.v1.StreamFeedbackResponse;
import dev.feedbackwebhooks.proto.v1.UpdateCampaignRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import dev.feedbackwebhooks.proto.v1.WebhookConfigServiceGrpc;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Does what a platform does: creates a configuration, opts a campaign in, streams events. */
@Command(
    name = "client",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Creates a configuration, enables a campaign, and streams events.")
final class ExampleClient implements Callable<Integer> {
  private static final String PARENT = "organizations/myImsOrg/sandboxes/prod";

  @Option(names = "--server", description = "Where the service listens.")
  private String server = "127.0.0.1:9090";

  @Option(names = "--url", description = "The endpoint that the POSTs go to.")
  private String url = "https://127.0.0.1:8443/feedback";

  @Option(names = "--events", description = "How many events to stream.")
  private int events = 5;

  @Override
  public Integer call() {
    ManagedChannel channel =
        Grpc.newChannelBuilder(server, InsecureChannelCredentials.create()).build();
    try {
      createConfig(channel);
      enableCampaign(channel);
      stream(channel);
      return 0;
    } catch (StatusRuntimeException e) {
      System.err.println("refused: " + e.getMessage());
      return 1;
    } finally {
      channel.shutdownNow();
    }
  }

  private void createConfig(ManagedChannel channel) {
    WebhookConfig config =
        WebhookConfig.newBuilder()
            .setDisplayName("Example")
            .addChannels(Channel.CHANNEL_EMAIL)
            .addChannels(Channel.CHANNEL_SMS)
            .setUrl(url)
            .setJwt(
                JwtAuthentication.newBuilder()
                    .setAlgorithm(JwtAlgorithm.JWT_ALGORITHM_HS256)
                    .setSecret(ByteString.copyFromUtf8(Main.DEMO_SECRET))
                    .setIssuer("feedback-webhooks"))
            .build();
    try {
      WebhookConfig created =
          WebhookConfigServiceGrpc.newBlockingStub(channel)
              .createWebhookConfig(
                  CreateWebhookConfigRequest.newBuilder()
                      .setParent(PARENT)
                      .setWebhookConfig(config)
                      .build());
      System.out.println("created   " + created.getName() + " -> " + created.getUrl());
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.ALREADY_EXISTS) {
        throw e;
      }
      System.out.println("exists    " + PARENT + "/webhookConfig");
    }
  }

  private static void enableCampaign(ManagedChannel channel) {
    Campaign campaign =
        Campaign.newBuilder()
            .setName(PARENT + "/campaigns/" + ExampleEvents.CAMPAIGN)
            .setWebhooksEnabled(true)
            .build();
    Campaign enabled =
        CampaignServiceGrpc.newBlockingStub(channel)
            .updateCampaign(UpdateCampaignRequest.newBuilder().setCampaign(campaign).build());
    System.out.println("enabled   " + enabled.getName());
  }

  private void stream(ManagedChannel channel) {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    StreamObserver<StreamFeedbackRequest> requests =
        FeedbackIngestServiceGrpc.newStub(channel).streamFeedback(new Results(ended));
    String run = UUID.randomUUID().toString();
    for (int i = 0; i < events; i++) {
      requests.onNext(
          StreamFeedbackRequest.newBuilder()
              .addEvents(ExampleEvents.event(run + "-" + i, i))
              .build());
    }
    requests.onCompleted();
    ended.join();
  }

  /** Each event gets one result, in order, once it is on disk: only then forget the event. */
  private record Results(CompletableFuture<Void> ended)
      implements StreamObserver<StreamFeedbackResponse> {
    @Override
    public void onNext(StreamFeedbackResponse response) {
      for (FeedbackResult result : response.getResultsList()) {
        System.out.println(
            result.getOutcome().name().substring("OUTCOME_".length()).toLowerCase(Locale.ROOT)
                + "  "
                + result.getEventId()
                + " -> "
                + result.getDelivery());
      }
    }

    @Override
    public void onError(Throwable failure) {
      ended.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
      ended.complete(null);
    }
  }
}
