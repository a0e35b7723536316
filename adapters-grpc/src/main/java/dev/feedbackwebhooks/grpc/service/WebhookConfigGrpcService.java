package dev.feedbackwebhooks.grpc.service;

import com.google.protobuf.Empty;
import dev.feedbackwebhooks.domain.config.Channel;
import dev.feedbackwebhooks.domain.config.Configs;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.event.TestFeedback;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.grpc.access.Callers;
import dev.feedbackwebhooks.grpc.codec.AttemptCodec;
import dev.feedbackwebhooks.grpc.codec.ChannelCodec;
import dev.feedbackwebhooks.grpc.codec.ConfigCodec;
import dev.feedbackwebhooks.grpc.codec.FeedbackCodec;
import dev.feedbackwebhooks.grpc.codec.HealthCodec;
import dev.feedbackwebhooks.grpc.codec.UpdateCodec;
import dev.feedbackwebhooks.grpc.query.Page;
import dev.feedbackwebhooks.grpc.query.ResourceNames;
import dev.feedbackwebhooks.proto.v1.CreateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.DeleteWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.GetWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.ListWebhookConfigsRequest;
import dev.feedbackwebhooks.proto.v1.ListWebhookConfigsResponse;
import dev.feedbackwebhooks.proto.v1.SendTestFeedbackRequest;
import dev.feedbackwebhooks.proto.v1.SendTestFeedbackResponse;
import dev.feedbackwebhooks.proto.v1.UpdateWebhookConfigRequest;
import dev.feedbackwebhooks.proto.v1.WebhookConfig;
import dev.feedbackwebhooks.proto.v1.WebhookConfigServiceGrpc;
import io.grpc.stub.StreamObserver;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Configurations over gRPC. */
public final class WebhookConfigGrpcService
    extends WebhookConfigServiceGrpc.WebhookConfigServiceImplBase {
  private final Configs configs;
  private final TestFeedback tests;
  private final HealthCodec codec;

  public WebhookConfigGrpcService(Configs configs, TestFeedback tests, HealthCodec codec) {
    this.configs = configs;
    this.tests = tests;
    this.codec = codec;
  }

  @Override
  public void createWebhookConfig(
      CreateWebhookConfigRequest request, StreamObserver<WebhookConfig> caller) {
    Answers.answer(
        caller,
        () -> {
          Scope scope = ResourceNames.parent(request.getParent());
          return codec.toProto(
              configs.create(
                  Callers.current().actor(),
                  ConfigCodec.toDraft(scope, request.getWebhookConfig()),
                  request.getValidateOnly()));
        });
  }

  @Override
  public void getWebhookConfig(
      GetWebhookConfigRequest request, StreamObserver<WebhookConfig> caller) {
    Answers.answer(
        caller,
        () -> {
          Scope scope = ResourceNames.config("name", request.getName());
          return codec.toProto(configs.get(scope));
        });
  }

  @Override
  public void listWebhookConfigs(
      ListWebhookConfigsRequest request, StreamObserver<ListWebhookConfigsResponse> caller) {
    Answers.answer(caller, () -> list(request));
  }

  private ListWebhookConfigsResponse list(ListWebhookConfigsRequest request) {
    Scope parent = ResourceNames.wildcardParent(request.getParent());
    Page page =
        Page.of("webhookConfigs " + parent.name(), request.getPageSize(), request.getPageToken());
    Scope after = page.after() == null ? null : ResourceNames.config("page_token", page.after());
    List<dev.feedbackwebhooks.domain.config.WebhookConfig> found =
        configs.list(
            ResourceNames.named(parent.organization()),
            ResourceNames.named(parent.sandbox()),
            after,
            page.limit());
    return ListWebhookConfigsResponse.newBuilder()
        .addAllWebhookConfigs(page.items(found).stream().map(codec::toProto).toList())
        .setNextPageToken(page.next(found, config -> config.scope().configName()))
        .build();
  }

  @Override
  public void updateWebhookConfig(
      UpdateWebhookConfigRequest request, StreamObserver<WebhookConfig> caller) {
    Answers.answer(
        caller,
        () -> {
          Scope scope =
              ResourceNames.config("webhook_config.name", request.getWebhookConfig().getName());
          return codec.toProto(update(scope, request));
        });
  }

  /** Without an etag the last one wins: an update that was overtaken is made again. */
  private dev.feedbackwebhooks.domain.config.WebhookConfig update(
      Scope scope, UpdateWebhookConfigRequest request) {
    String etag = request.getWebhookConfig().getEtag();
    while (true) {
      var stored = configs.get(scope);
      if (!etag.isEmpty() && !etag.equals(stored.etag())) {
        throw new Fault.Stale(scope.configName());
      }
      WebhookConfig merged =
          UpdateCodec.merge(
              ConfigCodec.toProto(stored), request.getWebhookConfig(), request.getUpdateMask());
      try {
        return configs.update(
            Callers.current().actor(),
            stored,
            ConfigCodec.toDraft(scope, merged),
            request.getValidateOnly());
      } catch (Fault.Stale overtaken) {
        if (!etag.isEmpty()) {
          throw overtaken;
        }
      }
    }
  }

  @Override
  public void deleteWebhookConfig(
      DeleteWebhookConfigRequest request, StreamObserver<Empty> caller) {
    Answers.answer(
        caller,
        () -> {
          Scope scope = ResourceNames.config("name", request.getName());
          configs.delete(Callers.current().actor(), scope, request.getEtag());
          return Empty.getDefaultInstance();
        });
  }

  @Override
  public void sendTestFeedback(
      SendTestFeedbackRequest request, StreamObserver<SendTestFeedbackResponse> caller) {
    Answers.answer(
        caller,
        () -> {
          Scope scope = ResourceNames.config("name", request.getName());
          TestFeedback.Tried tried =
              tests.send(
                  Callers.current().actor(),
                  scope,
                  FeedbackCodec.status(request.getStatus()),
                  channel(request));
          return SendTestFeedbackResponse.newBuilder()
              .setAttempt(AttemptCodec.toProto(tried.attempt()))
              .setPayload(tried.payload().text())
              .addAllAdvice(tried.advice())
              .build();
        });
  }

  private static @Nullable Channel channel(SendTestFeedbackRequest request) {
    Channel channel = ChannelCodec.fromProto(request.getChannel());
    if (channel == null && request.getChannelValue() != 0) {
      throw Fault.InvalidFields.of(
          Reason.INVALID_FIELDS, "channel", "is not known: give one of Channel");
    }
    return channel;
  }
}
