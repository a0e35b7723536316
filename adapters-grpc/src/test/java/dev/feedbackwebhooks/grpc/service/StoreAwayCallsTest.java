package dev.feedbackwebhooks.grpc.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.RetryInfo;
import dev.feedbackwebhooks.domain.attempt.RetrySchedule;
import dev.feedbackwebhooks.domain.audit.AuditStore;
import dev.feedbackwebhooks.domain.audit.AuditTrail;
import dev.feedbackwebhooks.domain.campaign.CampaignStore;
import dev.feedbackwebhooks.domain.campaign.Campaigns;
import dev.feedbackwebhooks.domain.config.ConfigStore;
import dev.feedbackwebhooks.domain.config.Configs;
import dev.feedbackwebhooks.domain.delivery.DeliveryIds;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.delivery.DeliveryReads;
import dev.feedbackwebhooks.domain.delivery.FeedbackSender;
import dev.feedbackwebhooks.domain.delivery.IdSeries;
import dev.feedbackwebhooks.domain.engine.Deliveries;
import dev.feedbackwebhooks.domain.engine.DeliveryEngine;
import dev.feedbackwebhooks.domain.engine.DeliveryListener;
import dev.feedbackwebhooks.domain.engine.EngineLimits;
import dev.feedbackwebhooks.domain.engine.EnginePorts;
import dev.feedbackwebhooks.domain.event.EventIntake;
import dev.feedbackwebhooks.domain.event.IntakeTraces;
import dev.feedbackwebhooks.domain.event.TestFeedback;
import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.domain.health.EndpointHealthListener;
import dev.feedbackwebhooks.domain.health.EndpointHealthMonitor;
import dev.feedbackwebhooks.domain.health.HealthRules;
import dev.feedbackwebhooks.domain.health.HealthStore;
import dev.feedbackwebhooks.domain.node.JobLeases;
import dev.feedbackwebhooks.domain.replay.ReplayListener;
import dev.feedbackwebhooks.domain.replay.ReplayRunner;
import dev.feedbackwebhooks.domain.replay.ReplayStore;
import dev.feedbackwebhooks.domain.replay.Replays;
import dev.feedbackwebhooks.domain.testing.HeardLog;
import dev.feedbackwebhooks.domain.testing.QueuedExecutor;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.domain.testing.SettableClock;
import dev.feedbackwebhooks.domain.watch.ChangeStore;
import dev.feedbackwebhooks.domain.watch.DeliveryWatches;
import dev.feedbackwebhooks.grpc.access.CallerInterceptor;
import dev.feedbackwebhooks.grpc.call.InboundBudget;
import dev.feedbackwebhooks.grpc.call.RequestCodec;
import dev.feedbackwebhooks.grpc.codec.GrpcStatuses;
import dev.feedbackwebhooks.grpc.codec.HealthCodec;
import dev.feedbackwebhooks.grpc.query.CursorSeal;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is called while the store's connections are lost: its caller is to come again. */
@NullUnmarked
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoreAwayCallsTest {
  private static final String SANDBOX = "organizations/myImsOrg/sandboxes/prod";
  private static final String ID = "38gcp2u0e0000";

  private static final String FILTER =
      "state = EXHAUSTED AND create_time >= \"2026-11-24T08:00:00Z\""
          + " AND create_time < \"2026-11-24T09:00:00Z\"";

  private static final String EVENT =
      """
      {"eventId": "e-1", "eventTime": "2026-11-24T09:00:00Z", "requestId": "r", "imsOrg": "myImsOrg",
       "sandbox": {"id": "1", "name": "prod"}, "channel": "CHANNEL_EMAIL",
       "messageExecution": {"messageExecutionID": "m", "campaignID": "c", "campaignVersionID": "v",
         "messageType": "MESSAGE_TYPE_TRANSACTIONAL"},
       "messageDeliveryFeedback": {"feedbackStatus": "FEEDBACK_STATUS_DELIVERED"},
       "identityMap": {"email": {"identities": [{"id": "john.doe@luma.com", "primary": true}]}}}
      """;

  /** A request of each call that is right. */
  private static final Map<String, String> REQUESTS =
      Map.ofEntries(
          of("CreateWebhookConfig", "{'parent': '%s', 'webhookConfig': %s}", SANDBOX, config("")),
          of("GetWebhookConfig", "{'name': '%s/webhookConfig'}", SANDBOX),
          of("ListWebhookConfigs", "{'parent': '%s'}", SANDBOX),
          of(
              "UpdateWebhookConfig",
              "{'webhookConfig': %s, 'updateMask': 'displayName'}",
              config("'name': '" + SANDBOX + "/webhookConfig',")),
          of("DeleteWebhookConfig", "{'name': '%s/webhookConfig'}", SANDBOX),
          of("SendTestFeedback", "{'name': '%s/webhookConfig'}", SANDBOX),
          of("GetCampaign", "{'name': '%s/campaigns/c'}", SANDBOX),
          of("ListCampaigns", "{'parent': '%s'}", SANDBOX),
          of(
              "UpdateCampaign",
              "{'campaign': {'name': '%s/campaigns/c', 'webhooksEnabled': true}}",
              SANDBOX),
          Map.entry("StreamFeedback", "{'events': [" + EVENT + "]}"),
          Map.entry("PublishFeedback", "{'events': [" + EVENT + "]}"),
          of("GetDelivery", "{'name': '%s/deliveries/%s'}", SANDBOX, ID),
          of("ListDeliveries", "{'parent': '%s'}", SANDBOX),
          of("WatchDeliveries", "{'parent': '%s'}", SANDBOX),
          of("GetDeliveryStats", "{'name': '%s/deliveryStats'}", SANDBOX),
          of("RetryDelivery", "{'name': '%s/deliveries/%s'}", SANDBOX, ID),
          of("ReplayDeliveries", "{'parent': '%s', 'filter': '%s'}", SANDBOX, FILTER),
          of("GetOperation", "{'name': '%s/operations/%s'}", SANDBOX, ID),
          of("ListOperations", "{'name': '%s'}", SANDBOX),
          of("WaitOperation", "{'name': '%s/operations/%s', 'timeout': '1s'}", SANDBOX, ID),
          of("CancelOperation", "{'name': '%s/operations/%s'}", SANDBOX, ID),
          of("DeleteOperation", "{'name': '%s/operations/%s'}", SANDBOX, ID),
          of("GetAuditRecord", "{'name': '%s/auditRecords/1'}", SANDBOX),
          of("ListAuditRecords", "{'parent': '%s'}", SANDBOX));

  private static final MethodDescriptor.Marshaller<InputStream> BYTES =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(InputStream bytes) {
          return bytes;
        }

        @Override
        public InputStream parse(InputStream bytes) {
          return bytes;
        }
      };

  private final SettableClock clock = new SettableClock(Samples.NOW);
  private final QueuedExecutor mailbox = new QueuedExecutor();
  private final Executor threads = task -> Thread.ofVirtual().start(task);
  private Server server;
  private ManagedChannel channel;

  @SuppressWarnings("AnnotateFormatMethod")
  private static Map.Entry<String, String> of(String method, String request, Object... values) {
    return Map.entry(method, request.formatted(values));
  }

  private static String config(String name) {
    return "{%s 'displayName': 'F', 'channels': ['CHANNEL_EMAIL'], 'url': 'https://hooks.example.com/'}"
        .formatted(name);
  }

  /** A port whose connections are lost: as the adapters fail then, also through stages. */
  private static <T> T away(Class<T> port) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (_, method, _) -> {
              Fault lost =
                  new Fault.Unavailable(
                      Reason.STORE_UNAVAILABLE, "the store is away", Duration.ofSeconds(1));
              if (CompletionStage.class.isAssignableFrom(method.getReturnType())) {
                return CompletableFuture.failedFuture(lost).thenApply(same -> same);
              }
              throw lost;
            }));
  }

  /** One that hears what it is told. */
  private static <T> T hearing(Class<T> listener) {
    return listener.cast(
        Proxy.newProxyInstance(
            listener.getClassLoader(), new Class<?>[] {listener}, (_, _, _) -> null));
  }

  private List<ServerServiceDefinition> services() {
    Configs configs =
        new Configs(away(ConfigStore.class), Samples.rules(), Samples.FINGERPRINTS, clock, () -> 1);
    EndpointHealthMonitor watch =
        new EndpointHealthMonitor(
            away(HealthStore.class),
            new HealthRules(Duration.ofDays(5), Duration.ofHours(12)),
            hearing(EndpointHealthListener.class));
    DeliveryIds ids = new DeliveryIds(clock, IdSeries.whole(0));
    FeedbackSender sender = away(FeedbackSender.class);
    DeliveryEngine engine =
        new DeliveryEngine(
            new EnginePorts(
                away(DeliveryQueue.class),
                sender,
                configs,
                hearing(DeliveryListener.class),
                watch,
                threads),
            new EngineLimits(4, 100, 1 << 20, Duration.ofSeconds(60)),
            new RetrySchedule(List.of(Duration.ofSeconds(5)), () -> 0),
            clock,
            ids,
            1,
            mailbox);
    ReplayStore replayStore = away(ReplayStore.class);
    ReplayRunner runner =
        new ReplayRunner(
            new ReplayRunner.Ports(
                replayStore, away(JobLeases.class), hearing(ReplayListener.class), threads),
            engine,
            clock);
    Replays replays = new Replays(replayStore, configs, runner, ids, clock);
    Campaigns campaigns = new Campaigns(away(CampaignStore.class), clock);
    AuditStore audit = away(AuditStore.class);
    return List.of(
        RequestCodec.bound(
            new WebhookConfigGrpcService(
                configs,
                new TestFeedback(
                    configs, (_, _) -> Samples.payload("p"), sender, audit, ids, clock),
                new HealthCodec(watch))),
        RequestCodec.bound(new CampaignGrpcService(campaigns)),
        RequestCodec.bound(
            new DeliveryGrpcService(
                new Deliveries(away(DeliveryReads.class), configs, engine, clock),
                replays,
                new DeliveryWatches(away(ChangeStore.class)),
                new WatchCodec(new CursorSeal(Samples.FINGERPRINTS)),
                clock,
                threads)),
        RequestCodec.bound(new OperationsGrpcService(replays)),
        RequestCodec.bound(new AuditGrpcService(new AuditTrail(audit))),
        RequestCodec.bound(
            new FeedbackIngestGrpcService(
                new EventIntake(
                    configs,
                    campaigns,
                    (_, _) -> Samples.payload("p"),
                    engine,
                    IntakeTraces.NONE,
                    () -> {}),
                (_, _) -> {},
                clock,
                new InboundBudget(1 << 20, 1 << 20),
                threads)));
  }

  @BeforeAll
  void start() throws Exception {
    InProcessServerBuilder builder =
        InProcessServerBuilder.forName("away")
            .executor(threads)
            .intercept(new CallerInterceptor(Optional.empty(), false, clock));
    services().forEach(builder::addService);
    server = builder.build().start();
    channel = InProcessChannelBuilder.forName("away").build();
  }

  @AfterAll
  void end() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  Stream<MethodDescriptor<?, ?>> methods() {
    return services().stream()
        .flatMap(service -> service.getMethods().stream())
        .map(method -> method.getMethodDescriptor());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void itsCallerIsToldToComeAgainAndNoBugIsLogged(MethodDescriptor<?, ?> method) throws Exception {
    assertThat(REQUESTS).containsKey(method.getBareMethodName());
    try (HeardLog log = new HeardLog(GrpcStatuses.class)) {
      Throwable thrown = ended(method).get(60, TimeUnit.SECONDS);
      assertThat(thrown).isInstanceOf(StatusRuntimeException.class);
      StatusRuntimeException refusal = (StatusRuntimeException) thrown;
      assertThat(refusal.getStatus().getCode())
          .as(String.valueOf(refusal.getMessage()))
          .isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(StatusProto.fromThrowable(refusal).getDetailsList())
          .anyMatch(detail -> detail.is(RetryInfo.class));
      assertThat(log.lines()).isEmpty();
    }
  }

  /** What a call ends with. */
  private CompletableFuture<Throwable> ended(MethodDescriptor<?, ?> method) throws Exception {
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    StreamObserver<InputStream> caller =
        new StreamObserver<>() {
          @Override
          public void onNext(InputStream answer) {}

          @Override
          public void onError(Throwable failure) {
            ended.complete(failure);
          }

          @Override
          public void onCompleted() {
            ended.complete(new AssertionError("it was answered"));
          }
        };
    StreamObserver<InputStream> requests =
        ClientCalls.asyncBidiStreamingCall(
            channel.newCall(method.toBuilder(BYTES, BYTES).build(), CallOptions.DEFAULT), caller);
    requests.onNext(request(method).toByteString().newInput());
    requests.onCompleted();
    return ended;
  }

  private static Message request(MethodDescriptor<?, ?> method) throws Exception {
    var schema = (ProtoMethodDescriptorSupplier) method.getSchemaDescriptor();
    DynamicMessage.Builder request =
        DynamicMessage.newBuilder(schema.getMethodDescriptor().getInputType());
    JsonFormat.parser().merge(REQUESTS.get(method.getBareMethodName()), request);
    return request.build();
  }
}
