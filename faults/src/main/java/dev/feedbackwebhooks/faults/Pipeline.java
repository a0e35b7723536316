package dev.feedbackwebhooks.faults;

import dev.feedbackwebhooks.faults.Answers.Sent;
import dev.feedbackwebhooks.proto.v1.FeedbackIngestServiceGrpc;
import dev.feedbackwebhooks.proto.v1.StreamFeedbackRequest;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A client that streams events to whichever server there is, and tells the oracle what it was
 * answered. Every second event whose answer did not come it sends again, as clients should.
 */
final class Pipeline implements AutoCloseable {
  private static final long PAUSE_NANOS = 1_500_000;
  private static final long BACKOFF_NANOS = 50_000_000;

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
    Answers answers = new Answers(oracle, this::ended);
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

  private void ended(Status status) {
    endings.computeIfAbsent(status.getCode(), _ -> new AtomicInteger()).incrementAndGet();
    switch (status.getCode()) {
      case UNAVAILABLE, RESOURCE_EXHAUSTED, CANCELLED -> {}
      default -> oracle.broken("(stream of " + name + ")", "ended with " + status);
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
