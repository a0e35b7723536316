package dev.feedbackwebhooks.grpc;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.name.Named;
import dev.feedbackwebhooks.domain.access.CallListener;
import dev.feedbackwebhooks.domain.audit.AuditTrail;
import dev.feedbackwebhooks.domain.campaign.Campaigns;
import dev.feedbackwebhooks.domain.config.Configs;
import dev.feedbackwebhooks.domain.engine.Deliveries;
import dev.feedbackwebhooks.domain.event.EventIntake;
import dev.feedbackwebhooks.domain.event.IntakeListener;
import dev.feedbackwebhooks.domain.event.TestFeedback;
import dev.feedbackwebhooks.domain.health.EndpointHealthMonitor;
import dev.feedbackwebhooks.domain.key.Fingerprints;
import dev.feedbackwebhooks.domain.replay.Replays;
import dev.feedbackwebhooks.domain.watch.DeliveryWatches;
import dev.feedbackwebhooks.grpc.access.AccessTokens;
import dev.feedbackwebhooks.grpc.access.AuthSettings;
import dev.feedbackwebhooks.grpc.access.CallerInterceptor;
import dev.feedbackwebhooks.grpc.call.CallTracers;
import dev.feedbackwebhooks.grpc.call.InboundBudget;
import dev.feedbackwebhooks.grpc.call.RequestCodec;
import dev.feedbackwebhooks.grpc.codec.HealthCodec;
import dev.feedbackwebhooks.grpc.query.CursorSeal;
import dev.feedbackwebhooks.grpc.server.GrpcServer;
import dev.feedbackwebhooks.grpc.server.GrpcSettings;
import dev.feedbackwebhooks.grpc.service.AuditGrpcService;
import dev.feedbackwebhooks.grpc.service.CampaignGrpcService;
import dev.feedbackwebhooks.grpc.service.DeliveryGrpcService;
import dev.feedbackwebhooks.grpc.service.FeedbackIngestGrpcService;
import dev.feedbackwebhooks.grpc.service.OperationsGrpcService;
import dev.feedbackwebhooks.grpc.service.WatchCodec;
import dev.feedbackwebhooks.grpc.service.WebhookConfigGrpcService;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

/**
 * Binds {@link GrpcServer}. Needs the domain's rules, an {@link InstantSource}, and
 * {@code @Named("background") Executor} and {@code ExecutorService}, which may be blocked.
 */
public final class GrpcModule extends AbstractModule {
  private static final long PAUSE_AT = 24L << 20;
  private static final long REFUSE_AT = 72L << 20;

  private final GrpcSettings settings;

  public GrpcModule(GrpcSettings settings) {
    this.settings = settings;
  }

  @Provides
  @Singleton
  FeedbackIngestGrpcService ingest(
      EventIntake intake,
      IntakeListener listener,
      InstantSource clock,
      @Named("background") Executor executor) {
    return new FeedbackIngestGrpcService(
        intake, listener, clock, new InboundBudget(PAUSE_AT, REFUSE_AT), executor);
  }

  @Provides
  @Singleton
  CallerInterceptor callers(InstantSource clock, @Named("background") ExecutorService background) {
    return new CallerInterceptor(
        switch (settings.auth()) {
          case AuthSettings.None _ -> Optional.empty();
          case AuthSettings.Jwt jwt -> Optional.of(new AccessTokens(jwt, clock, background));
        },
        settings.tls().flatMap(GrpcSettings.Tls::clientCa).isPresent(),
        clock);
  }

  @Provides
  @Singleton
  DeliveryGrpcService deliveries(
      Deliveries deliveries,
      Replays replays,
      DeliveryWatches watches,
      Fingerprints fingerprints,
      InstantSource clock,
      @Named("background") Executor executor) {
    WatchCodec codec = new WatchCodec(new CursorSeal(fingerprints));
    return new DeliveryGrpcService(deliveries, replays, watches, codec, clock, executor);
  }

  @Provides
  @Singleton
  GrpcServer server(
      Configs configs,
      TestFeedback tests,
      EndpointHealthMonitor watch,
      Campaigns campaigns,
      DeliveryGrpcService deliveries,
      Replays replays,
      AuditTrail audit,
      FeedbackIngestGrpcService ingest,
      CallerInterceptor callers,
      CallListener calls,
      @Named("background") Executor executor) {
    return new GrpcServer(
        settings,
        List.of(
            RequestCodec.bound(
                new WebhookConfigGrpcService(configs, tests, new HealthCodec(watch))),
            RequestCodec.bound(new CampaignGrpcService(campaigns)),
            RequestCodec.bound(deliveries),
            RequestCodec.bound(new OperationsGrpcService(replays)),
            RequestCodec.bound(new AuditGrpcService(audit)),
            RequestCodec.bound(ingest)),
        callers,
        new CallTracers(calls),
        executor);
  }
}
