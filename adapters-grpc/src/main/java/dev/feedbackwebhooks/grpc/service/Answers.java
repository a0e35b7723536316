package dev.feedbackwebhooks.grpc.service;

import dev.feedbackwebhooks.grpc.codec.GrpcStatuses;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Answers unary calls, with a response or with the status of what was thrown. */
final class Answers {
  private Answers() {}

  static <T> void answer(StreamObserver<T> caller, Supplier<T> call) {
    T response;
    try {
      response = call.get();
    } catch (RuntimeException | Error e) {
      caller.onError(GrpcStatuses.asStatus(e));
      return;
    }
    caller.onNext(response);
    caller.onCompleted();
  }

  static <T> void answerLater(StreamObserver<T> caller, Supplier<CompletionStage<T>> call) {
    CompletionStage<T> stage;
    try {
      stage = call.get();
    } catch (RuntimeException | Error e) {
      caller.onError(GrpcStatuses.asStatus(e));
      return;
    }
    var _ =
        stage.whenComplete((response, failure) -> {
          if (failure == null) {
            caller.onNext(response);
            caller.onCompleted();
          } else {
            caller.onError(GrpcStatuses.asStatus(failure));
          }
        });
  }
}
