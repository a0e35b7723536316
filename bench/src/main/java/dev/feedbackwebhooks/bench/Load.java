package dev.feedbackwebhooks.bench;

import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** A pipeline that streams events, a bounded number of them unanswered. */
final class Load implements AutoCloseable {
  private static final int PER_MESSAGE = 16;

  /** Not too often: each look costs the sink and us something. */
  private static final long LOOK_MILLIS = 4;

  /** Counts what came to the sinks that the events go to. */
  interface Arrivals {
    long read() throws Exception;
  }

  private final ManagedChannel channel;
  private final EventBytes bytes;
  private final String run;
  private final int perMessage;
  private final LongAdder accepted = new LongAdder();
  private long sent;

  Load(ServerProcess server, Customers customers, String run) {
    this(server, customers, run, PER_MESSAGE);
  }

  Load(ServerProcess server, Customers customers, String run, int perMessage) {
    this.perMessage = perMessage;
    this.channel =
        Grpc.newChannelBuilder(server.grpc(), InsecureChannelCredentials.create()).build();
    this.bytes = new EventBytes(customers);
    this.run = run;
  }

  ManagedChannel channel() {
    return channel;
  }

  long accepted() {
    return accepted.sum();
  }

  /**
   * Sends {@code events}, no more than {@code unanswered} ahead of their results, and no more than
   * {@code undelivered} ahead of what arrives at the sinks; waits for all results.
   */
  void send(long events, int unanswered, int undelivered, Arrivals sinks) throws Exception {
    long before = sinks.read();
    long arrived = 0;
    Semaphore window = new Semaphore(unanswered);
    CompletableFuture<Void> ended = new CompletableFuture<>();
    StreamObserver<byte[]> requests =
        ClientCalls.asyncBidiStreamingCall(
            channel.newCall(EventBytes.METHOD, CallOptions.DEFAULT), new Results(window, ended));
    for (long left = events; left > 0 && !ended.isDone(); left -= perMessage) {
      int count = (int) Math.min(perMessage, left);
      while (events - left - arrived > undelivered) {
        Thread.sleep(LOOK_MILLIS);
        arrived = sinks.read() - before;
        if (ended.isDone()) {
          ended.join();
        }
      }
      if (!window.tryAcquire(count, 60, TimeUnit.SECONDS)) {
        throw new BenchException("no answers within a minute");
      }
      requests.onNext(bytes.request(run, sent, count));
      sent += count;
    }
    requests.onCompleted();
    ended.get(60, TimeUnit.SECONDS);
  }

  private final class Results implements StreamObserver<EventBytes.Accepted> {
    private final Semaphore window;
    private final CompletableFuture<Void> ended;

    Results(Semaphore window, CompletableFuture<Void> ended) {
      this.window = window;
      this.ended = ended;
    }

    @Override
    public void onNext(EventBytes.Accepted answer) {
      if (answer.accepted() != answer.results()) {
        ended.completeExceptionally(new BenchException("not all events were accepted"));
      }
      accepted.add(answer.accepted());
      window.release(answer.results());
    }

    @Override
    public void onError(Throwable failure) {
      ended.completeExceptionally(failure);
      window.release(1 << 20);
    }

    @Override
    public void onCompleted() {
      ended.complete(null);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
