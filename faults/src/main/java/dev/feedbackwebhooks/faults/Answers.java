package dev.feedbackwebhooks.faults;

import dev.feedbackwebhooks.proto.v1.FeedbackResult;
import dev.feedbackwebhooks.proto.v1.Outcome;
import dev.feedbackwebhooks.proto.v1.StreamFeedbackRequest;
import dev.feedbackwebhooks.proto.v1.StreamFeedbackResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What comes back on one stream, and what has no answer on it. */
final class Answers implements StreamObserver<StreamFeedbackResponse> {
  private static final long LAST_ANSWER_SECONDS = 20;
  private static final int UNANSWERED = 128;
  private final Semaphore window = new Semaphore(UNANSWERED);
  private final Map<String, Sent> unanswered = new LinkedHashMap<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final Oracle oracle;
  private final Consumer<Status> ended;
  private boolean deaf;

  /**
   * @param ended hears how the stream ends, if not well
   */
  Answers(Oracle oracle, Consumer<Status> ended) {
    this.oracle = oracle;
    this.ended = ended;
  }

  /** An event on its way; whether it was sent before, and not answered. */
  record Sent(String id, long number, boolean before) {}

  boolean mayGoOn() throws InterruptedException {
    return window.tryAcquire(1, TimeUnit.SECONDS) && over.getCount() > 0;
  }

  synchronized StreamFeedbackRequest request(Sent sent) {
    oracle.sent(sent.id());
    unanswered.put(sent.id(), sent);
    return StreamFeedbackRequest.newBuilder()
        .addEvents(Events.event(sent.id(), sent.number()))
        .build();
  }

  @Override
  public synchronized void onNext(StreamFeedbackResponse response) {
    if (!deaf) {
      response.getResultsList().forEach(this::answered);
    }
  }

  private void answered(FeedbackResult result) {
    Sent sent = unanswered.remove(result.getEventId());
    if (sent == null) {
      oracle.broken(result.getEventId(), "was answered without a question");
      return;
    }
    window.release();
    String webhookId = result.getDelivery().substring(result.getDelivery().lastIndexOf('/') + 1);
    if (result.getOutcome() == Outcome.OUTCOME_ACCEPTED) {
      oracle.accepted(sent.id(), webhookId);
    } else if (result.getOutcome() == Outcome.OUTCOME_DUPLICATE) {
      oracle.duplicate(sent.id(), webhookId, sent.before());
    } else {
      oracle.refused(sent.id());
    }
  }

  @Override
  public void onError(Throwable failure) {
    ended.accept(Status.fromThrowable(failure));
    over.countDown();
  }

  @Override
  public void onCompleted() {
    over.countDown();
  }

  void awaitEnd() throws InterruptedException {
    var _ = over.await(LAST_ANSWER_SECONDS, TimeUnit.SECONDS);
  }

  /** Of what has no answer, and will get none here, every second event. */
  synchronized List<Sent> toSendAgain() {
    deaf = true;
    return unanswered.values().stream()
        .filter(sent -> sent.number() % 2 == 0)
        .map(sent -> new Sent(sent.id(), sent.number(), true))
        .toList();
  }
}
