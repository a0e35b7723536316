package dev.feedbackwebhooks.faults;

import dev.feedbackwebhooks.proto.v1.FeedbackIngestServiceGrpc;
import dev.feedbackwebhooks.proto.v1.FeedbackResult;
import dev.feedbackwebhooks.proto.v1.Outcome;
import dev.feedbackwebhooks.proto.v1.StreamFeedbackRequest;
import dev.feedbackwebhooks.proto.v1.StreamFeedbackResponse;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A client that streams events to whichever server there is, and tells the oracle what it was
 * answered. Every second event whose answer did not come it sends again, as clients should.
 */
final class Pipeline implements AutoCloseable {
  private static final int UNANSWERED = 128;
  private static final long PAUSE_NANOS = 1_500_000;
  private static final long BACKOFF_NANOS = 50_000_000;
  private static final long LAST_ANSWER_SECONDS = 20;

  private final String name;
  private final Oracle oracle;
  private final Thread thread;
  private final Map<Status.Code, AtomicInteger> endings = new ConcurrentHashMap<>();

  /** To send again; the thread's own. */
  private final ArrayDeque<Sent> again = new ArrayDeque<>();

  private volatile String address = "";
  private volatile boolean closed;
  private volatile boolean idle;
  private long next;

  private record Sent(String id, long number, boolean before) {}

  Pipeline(String name, Oracle oracle) {
    this.name = name;
    this.oracle = oracle;
    this.thread = Thread.ofVirtual().start(this::run);
  }

  /** From now on streams to this address, or nowhere if it is empty. */
  void to(String server) {
    address = server;
  }

  /** Whether it streams nowhere, and its last stream is over. */
  boolean isIdle() {
    return idle;
  }

  /** How often a stream ended with this status. */
  int endings(Status.Code code) {
    return endings.getOrDefault(code, new AtomicInteger()).get();
  }

  private void run() {
    while (!closed) {
      String target = address;
      idle = target.isEmpty();
      if (!idle) {
        stream(target);
      }
      LockSupport.parkNanos(BACKOFF_NANOS);
    }
  }

  private void stream(String target) {
    ManagedChannel channel =
        Grpc.newChannelBuilder(target, InsecureChannelCredentials.create()).build();
    Answers answers = new Answers();
    try {
      StreamObserver<StreamFeedbackRequest> requests =
          FeedbackIngestServiceGrpc.newStub(channel).streamFeedback(answers);
      while (target.equals(address) && !closed && answers.mayGoOn()) {
        requests.onNext(answers.request(nextEvent()));
        LockSupport.parkNanos(PAUSE_NANOS);
      }
      requests.onCompleted();
      answers.awaitEnd();
    } catch (IllegalStateException _) {
      // The call was over before that message.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      channel.shutdownNow();
      again.addAll(answers.toSendAgain());
    }
  }

  private Sent nextEvent() {
    Sent repeated = again.poll();
    if (repeated != null) {
      return repeated;
    }
    long number = next++;
    return new Sent(name + "-" + number, number, false);
  }

  /** What comes back on one stream. */
  private final class Answers implements StreamObserver<StreamFeedbackResponse> {
    private final Semaphore window = new Semaphore(UNANSWERED);
    private final Map<String, Sent> unanswered = new LinkedHashMap<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private boolean deaf;

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
      Status status = Status.fromThrowable(failure);
      endings.computeIfAbsent(status.getCode(), _ -> new AtomicInteger()).incrementAndGet();
      switch (status.getCode()) {
        case UNAVAILABLE, RESOURCE_EXHAUSTED, CANCELLED -> {}
        default -> oracle.broken("(stream of " + name + ")", "ended with " + status);
      }
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

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
