package dev.feedbackwebhooks.grpc.service;

import com.google.longrunning.CancelOperationRequest;
import com.google.longrunning.DeleteOperationRequest;
import com.google.longrunning.GetOperationRequest;
import com.google.longrunning.ListOperationsRequest;
import com.google.longrunning.ListOperationsResponse;
import com.google.longrunning.Operation;
import com.google.longrunning.OperationsGrpc;
import com.google.longrunning.WaitOperationRequest;
import com.google.protobuf.Empty;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.replay.Replay;
import dev.feedbackwebhooks.domain.replay.ReplayId;
import dev.feedbackwebhooks.domain.replay.Replays;
import dev.feedbackwebhooks.grpc.access.Callers;
import dev.feedbackwebhooks.grpc.call.OpenCalls;
import dev.feedbackwebhooks.grpc.codec.ReplayCodec;
import dev.feedbackwebhooks.grpc.query.FilterText;
import dev.feedbackwebhooks.grpc.query.Page;
import dev.feedbackwebhooks.grpc.query.ResourceNames;
import dev.feedbackwebhooks.grpc.query.ResourceNames.OperationName;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Operations over gRPC, by the rules of google.longrunning; replays are the only ones. */
public final class OperationsGrpcService extends OperationsGrpc.OperationsImplBase {
  private static final Duration USUAL_WAIT = Duration.ofSeconds(30);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);
  private static final String FORM = "give nothing, or a comparison like done = false";

  private final Replays replays;

  public OperationsGrpcService(Replays replays) {
    this.replays = replays;
  }

  @Override
  public void getOperation(GetOperationRequest request, StreamObserver<Operation> caller) {
    Answers.answer(
        caller,
        () -> {
          OperationName name = ResourceNames.operation(request.getName());
          return ReplayCodec.toProto(replays.get(name.scope(), name.id()));
        });
  }

  @Override
  public void listOperations(
      ListOperationsRequest request, StreamObserver<ListOperationsResponse> caller) {
    Answers.answer(caller, () -> list(request));
  }

  private ListOperationsResponse list(ListOperationsRequest request) {
    Scope scope = ResourceNames.parent("name", request.getName());
    Boolean done = done(request.getFilter());
    Page page =
        Page.of(
            "operations " + scope.name() + " " + request.getFilter(),
            request.getPageSize(),
            request.getPageToken());
    ReplayId before = page.after() == null ? null : ReplayId.parse(page.after()).orElse(null);
    List<Replay> found = replays.list(scope, done, before, page.limit());
    return ListOperationsResponse.newBuilder()
        .addAllOperations(page.items(found).stream().map(ReplayCodec::toProto).toList())
        .setNextPageToken(page.next(found, replay -> replay.id().text()))
        .build();
  }

  private static @Nullable Boolean done(String filter) {
    String done = FilterText.read(filter, Set.of("done"), FORM).equal("done");
    if (done == null) {
      return null;
    }
    return switch (done) {
      case "true" -> Boolean.TRUE;
      case "false" -> Boolean.FALSE;
      default -> throw FilterText.refusal("compares done with something else: " + FORM);
    };
  }

  @Override
  public void cancelOperation(CancelOperationRequest request, StreamObserver<Empty> caller) {
    Answers.answer(
        caller,
        () -> {
          OperationName name = ResourceNames.operation(request.getName());
          replays.cancel(Callers.current().actor(), name.scope(), name.id());
          return Empty.getDefaultInstance();
        });
  }

  @Override
  public void deleteOperation(DeleteOperationRequest request, StreamObserver<Empty> caller) {
    Answers.answer(
        caller,
        () -> {
          OperationName name = ResourceNames.operation(request.getName());
          replays.delete(Callers.current().actor(), name.scope(), name.id());
          return Empty.getDefaultInstance();
        });
  }

  @Override
  public void waitOperation(WaitOperationRequest request, StreamObserver<Operation> caller) {
    Answers.answerLater(
        caller,
        () -> {
          OperationName name = ResourceNames.operation(request.getName());
          CompletableFuture<Operation> end =
              replays
                  .awaitEnd(name.scope(), name.id(), wait(request))
                  .thenApply(ReplayCodec::toProto)
                  .toCompletableFuture();
          OpenCalls.whenStopping(end::completeExceptionally);
          return end;
        });
  }

  private static Duration wait(WaitOperationRequest request) {
    if (!request.hasTimeout()) {
      return USUAL_WAIT;
    }
    long seconds = Math.clamp(request.getTimeout().getSeconds(), 0, LONGEST_WAIT.toSeconds());
    return Duration.ofSeconds(seconds, Math.max(0, request.getTimeout().getNanos()));
  }
}
