package dev.feedbackwebhooks.grpc.service;

import com.google.longrunning.Operation;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryId;
import dev.feedbackwebhooks.domain.delivery.DeliveryPage;
import dev.feedbackwebhooks.domain.engine.Deliveries;
import dev.feedbackwebhooks.domain.replay.ReplayPlan;
import dev.feedbackwebhooks.domain.replay.Replays;
import dev.feedbackwebhooks.domain.watch.DeliveryWatches;
import dev.feedbackwebhooks.grpc.access.Callers;
import dev.feedbackwebhooks.grpc.codec.DeliveryCodec;
import dev.feedbackwebhooks.grpc.codec.GrpcStatuses;
import dev.feedbackwebhooks.grpc.codec.ReplayCodec;
import dev.feedbackwebhooks.grpc.codec.StatsCodec;
import dev.feedbackwebhooks.grpc.query.DeliveryFilterText;
import dev.feedbackwebhooks.grpc.query.Page;
import dev.feedbackwebhooks.grpc.query.ResourceNames;
import dev.feedbackwebhooks.grpc.query.ResourceNames.DeliveryName;
import dev.feedbackwebhooks.proto.v1.Delivery;
import dev.feedbackwebhooks.proto.v1.DeliveryServiceGrpc;
import dev.feedbackwebhooks.proto.v1.DeliveryStats;
import dev.feedbackwebhooks.proto.v1.GetDeliveryRequest;
import dev.feedbackwebhooks.proto.v1.GetDeliveryStatsRequest;
import dev.feedbackwebhooks.proto.v1.ListDeliveriesRequest;
import dev.feedbackwebhooks.proto.v1.ListDeliveriesResponse;
import dev.feedbackwebhooks.proto.v1.ReplayDeliveriesRequest;
import dev.feedbackwebhooks.proto.v1.RetryDeliveryRequest;
import dev.feedbackwebhooks.proto.v1.WatchDeliveriesRequest;
import dev.feedbackwebhooks.proto.v1.WatchDeliveriesResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/** Deliveries over gRPC. */
public final class DeliveryGrpcService extends DeliveryServiceGrpc.DeliveryServiceImplBase {
  private final Deliveries deliveries;
  private final Replays replays;
  private final DeliveryWatches watches;
  private final WatchCodec watchCodec;
  private final InstantSource clock;
  private final Executor executor;

  /**
   * @param executor may be blocked, for as long as deliveries are watched
   */
  public DeliveryGrpcService(
      Deliveries deliveries,
      Replays replays,
      DeliveryWatches watches,
      WatchCodec watchCodec,
      InstantSource clock,
      Executor executor) {
    this.deliveries = deliveries;
    this.replays = replays;
    this.watches = watches;
    this.watchCodec = watchCodec;
    this.clock = clock;
    this.executor = executor;
  }

  @Override
  public void getDelivery(GetDeliveryRequest request, StreamObserver<Delivery> caller) {
    Answers.answer(
        caller,
        () -> {
          DeliveryName name = ResourceNames.delivery(request.getName());
          return DeliveryCodec.toProto(deliveries.get(name.scope(), name.id()));
        });
  }

  @Override
  public void listDeliveries(
      ListDeliveriesRequest request, StreamObserver<ListDeliveriesResponse> caller) {
    Answers.answer(caller, () -> list(request));
  }

  private ListDeliveriesResponse list(ListDeliveriesRequest request) {
    Scope scope = ResourceNames.parent(request.getParent());
    DeliveryFilter filter = DeliveryFilterText.read(request.getFilter());
    Page page =
        Page.of(
            "deliveries " + scope.name() + " " + request.getFilter(),
            request.getPageSize(),
            request.getPageToken());
    DeliveryId before = page.after() == null ? null : DeliveryId.parse(page.after()).orElse(null);
    DeliveryPage found = deliveries.list(scope, filter, before, page.size());
    DeliveryId next = found.next();
    return ListDeliveriesResponse.newBuilder()
        .addAllDeliveries(found.deliveries().stream().map(DeliveryCodec::toProto).toList())
        .setNextPageToken(next == null ? "" : page.token(next.text()))
        .build();
  }

  @Override
  public void watchDeliveries(
      WatchDeliveriesRequest request, StreamObserver<WatchDeliveriesResponse> caller) {
    try {
      WatchCall<WatchDeliveriesResponse> call =
          new WatchCall<>(
              watchCodec.toDomain(request),
              (ServerCallStreamObserver<WatchDeliveriesResponse>) caller,
              watchCodec::toProto,
              clock);
      call.start();
      // Not on this thread, on which the caller is heard.
      executor.execute(() -> call.run(watches));
    } catch (RuntimeException e) {
      caller.onError(GrpcStatuses.asStatus(e));
    }
  }

  @Override
  public void retryDelivery(RetryDeliveryRequest request, StreamObserver<Delivery> caller) {
    Answers.answer(
        caller,
        () -> {
          DeliveryName name = ResourceNames.delivery(request.getName());
          return DeliveryCodec.toProto(
              deliveries.retry(Callers.current().actor(), name.scope(), name.id()));
        });
  }

  @Override
  public void getDeliveryStats(
      GetDeliveryStatsRequest request, StreamObserver<DeliveryStats> caller) {
    Answers.answer(
        caller,
        () -> {
          Scope scope = ResourceNames.deliveryStats(request.getName());
          return StatsCodec.toProto(request.getName(), deliveries.stats(scope));
        });
  }

  @Override
  public void replayDeliveries(ReplayDeliveriesRequest request, StreamObserver<Operation> caller) {
    Answers.answer(caller, () -> replay(request));
  }

  private Operation replay(ReplayDeliveriesRequest request) {
    Scope scope = ResourceNames.parent(request.getParent());
    ReplayPlan plan = ReplayCodec.plan(request);
    return request.getValidateOnly()
        ? ReplayCodec.toProto(replays.survey(scope, plan))
        : ReplayCodec.toProto(replays.start(Callers.current().actor(), scope, plan));
  }
}
