package dev.feedbackwebhooks.bench;

import dev.feedbackwebhooks.proto.v1.FeedbackIngestServiceGrpc;
import dev.feedbackwebhooks.proto.v1.FeedbackResult;
import dev.feedbackwebhooks.proto.v1.Outcome;
import dev.feedbackwebhooks.proto.v1.StreamFeedbackRequest;
import dev.feedbackwebhooks.proto.v1.StreamFeedbackResponse;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Sends events when they are due, whatever became of those before. */
final class OpenLoop {
  private static final long WAKE_NANOS = 1_000_000;

  /** More than the server takes in one go only comes up after a long pause of ours. */
  private static final int MOST_IN_MESSAGE = 500;

  private static final long ANSWERS_SECONDS = 30;

  private final ManagedChannel channel;
  private final Customers customers;
  private final String run;

  /**
   * @param run begins the events' ids, which must be new to the server
   */
  OpenLoop(ManagedChannel channel, Customers customers, String run) {
    this.channel = channel;
    this.customers = customers;
    this.run = run;
  }

  /** Sends all, and then runs {@code sent}; returns once all are acknowledged. */
  void run(Timetable timetable, Times acknowledged, Runnable sent) throws Exception {
    Acknowledgements answers = new Acknowledgements(timetable, acknowledged);
    StreamObserver<StreamFeedbackRequest> requests =
        FeedbackIngestServiceGrpc.newStub(channel).streamFeedback(answers);
    for (long next = 0; next < timetable.events() && !answers.ended.isDone(); ) {
      LockSupport.parkNanos(WAKE_NANOS);
      long due = timetable.dueBy(System.nanoTime());
      while (next < due) {
        StreamFeedbackRequest.Builder request = StreamFeedbackRequest.newBuilder();
        for (long end = Math.min(due, next + MOST_IN_MESSAGE); next < end; next++) {
          request.addEvents(customers.event(run, next));
        }
        requests.onNext(request.build());
      }
    }
    sent.run();
    requests.onCompleted();
    answers.ended.get(ANSWERS_SECONDS, TimeUnit.SECONDS);
  }

  /** A stream's results come in the order of its events. */
  private static final class Acknowledgements implements StreamObserver<StreamFeedbackResponse> {
    private final Timetable timetable;
    private final Times times;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private long next;

    Acknowledgements(Timetable timetable, Times times) {
      this.timetable = timetable;
      this.times = times;
    }

    @Override
    public void onNext(StreamFeedbackResponse response) {
      for (FeedbackResult result : response.getResultsList()) {
        if (result.getOutcome() != Outcome.OUTCOME_ACCEPTED) {
          ended.completeExceptionally(new BenchException("not accepted: " + result));
        }
        timetable.note(next++, times);
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
