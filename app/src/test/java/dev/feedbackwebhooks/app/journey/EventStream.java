package dev.feedbackwebhooks.app.journey;

import dev.feedbackwebhooks.proto.v1.FeedbackEvent;
import dev.feedbackwebhooks.proto.v1.FeedbackResult;
import dev.feedbackwebhooks.proto.v1.StreamFeedbackRequest;
import dev.feedbackwebhooks.proto.v1.StreamFeedbackResponse;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

/** One ingest stream of the pipeline, and the results that came on it. */
final class EventStream implements StreamObserver<StreamFeedbackResponse> {
  private final ConcurrentLinkedQueue<FeedbackResult> results = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final StreamObserver<StreamFeedbackRequest> requests;

  EventStream(Api api) {
    this.requests = api.streams.streamFeedback(this);
  }

  void send(FeedbackEvent... events) {
    send(StreamFeedbackRequest.newBuilder().addAllEvents(List.of(events)).build());
  }

  void send(StreamFeedbackRequest request) {
    requests.onNext(request);
  }

  /** Says that there is no more, and waits for the last result. */
  List<FeedbackResult> end() throws Exception {
    requests.onCompleted();
    var _ = Patience.result(ended);
    return results();
  }

  List<FeedbackResult> results() {
    return List.copyOf(results);
  }

  /** Why the server ended it. */
  Refusal refusal() {
    return switch (ended.exceptionNow()) {
      case StatusRuntimeException refused -> Refusal.of(refused);
      case Throwable other -> throw new AssertionError(other);
    };
  }

  boolean isOver() {
    return ended.isDone();
  }

  @Override
  public void onNext(StreamFeedbackResponse response) {
    results.addAll(response.getResultsList());
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
