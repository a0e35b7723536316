package dev.feedbackwebhooks.cli;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.feedbackwebhooks.cli.terminal.Progress;
import dev.feedbackwebhooks.cli.terminal.Times;
import dev.feedbackwebhooks.proto.v1.FeedbackEvent;
import dev.feedbackwebhooks.proto.v1.FeedbackResult;
import dev.feedbackwebhooks.proto.v1.Outcome;
import dev.feedbackwebhooks.proto.v1.StreamFeedbackRequest;
import dev.feedbackwebhooks.proto.v1.StreamFeedbackResponse;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Streams a file of events in, as fast as the server takes them, and tells what became of them. The
 * server answers in the order in which it was asked.
 */
final class EventUpload {
  /** Events that may wait for their answer. */
  private static final int WINDOW = 10_000;

  private static final int BATCH = 50;

  private final Client client;
  private final Progress progress;
  private final InputStream in;
  private final ConcurrentLinkedQueue<Long> asked = new ConcurrentLinkedQueue<>();
  private final Semaphore window = new Semaphore(WINDOW);
  private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
  private final AtomicLong answered = new AtomicLong();
  private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
  private final Answers answers = new Answers();
  private long unreadable;
  private long bytes;

  EventUpload(Client client, Progress progress, InputStream in) {
    this.client = client;
    this.progress = progress;
    this.in = in;
  }

  /** Answers the status to end with. */
  int run() throws IOException, InterruptedException {
    var requests =
        (ClientCallStreamObserver<StreamFeedbackRequest>) client.ingest().streamFeedback(answers);
    send(requests);
    if (!ended.isDone()) {
      requests.onCompleted();
    }
    return end();
  }

  private void send(ClientCallStreamObserver<StreamFeedbackRequest> requests)
      throws IOException, InterruptedException {
    StreamFeedbackRequest.Builder batch = StreamFeedbackRequest.newBuilder();
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    long number = 0;
    for (String line = lines.readLine(); line != null && !ended.isDone(); line = lines.readLine()) {
      number++;
      bytes += line.length() + 1L;
      FeedbackEvent event = line.isBlank() ? null : read(line, number);
      if (event != null) {
        window.acquire();
        asked.add(number);
        batch.addEvents(event);
      }
      if (batch.getEventsCount() == BATCH) {
        answers.awaitReady(requests);
        requests.onNext(batch.build());
        batch.clear();
        progress.show(bytes, answered.get());
      }
    }
    if (batch.getEventsCount() > 0 && !ended.isDone()) {
      requests.onNext(batch.build());
    }
  }

  private @Nullable FeedbackEvent read(String line, long number) {
    try {
      FeedbackEvent.Builder event = FeedbackEvent.newBuilder();
      JsonFormat.parser().merge(line, event);
      return event.build();
    } catch (InvalidProtocolBufferException e) {
      unreadable++;
      client
          .terminal()
          .err()
          .println("line " + number + ": is no FeedbackEvent in JSON: " + e.getMessage());
      return null;
    }
  }

  private int end() throws InterruptedException {
    int status = ServerCommand.OK;
    try {
      ended.get();
    } catch (ExecutionException e) {
      progress.end(answered.get());
      status = Refusals.tell(Status.fromThrowable(e).asRuntimeException(), client.terminal().err());
      client
          .terminal()
          .err()
          .println("  begin again with the same file: what was acknowledged is known");
    }
    progress.end(answered.get());
    summary();
    boolean rejected = unreadable > 0 || outcomes.containsKey(Outcome.OUTCOME_REJECTED);
    return status == ServerCommand.OK && rejected ? ServerCommand.REFUSED : status;
  }

  private void summary() {
    StringBuilder text = new StringBuilder();
    outcomes.forEach((outcome, count) ->
        text.append(Times.word(outcome, "OUTCOME_")).append(' ').append(count).append(", "));
    client
        .terminal()
        .out()
        .println(text + "unreadable " + unreadable + ", unanswered " + asked.size());
  }

  /** Takes the results; on a thread of the channel. */
  private final class Answers
      implements ClientResponseObserver<StreamFeedbackRequest, StreamFeedbackResponse> {
    private final Semaphore ready = new Semaphore(0);

    @Override
    public void beforeStart(ClientCallStreamObserver<StreamFeedbackRequest> requests) {
      requests.setOnReadyHandler(ready::release);
    }

    void awaitReady(ClientCallStreamObserver<StreamFeedbackRequest> requests)
        throws InterruptedException {
      while (!requests.isReady() && !ended.isDone()) {
        ready.acquire();
      }
    }

    @Override
    public void onNext(StreamFeedbackResponse response) {
      for (FeedbackResult result : response.getResultsList()) {
        Long line = asked.poll();
        outcomes.merge(result.getOutcome(), 1L, Long::sum);
        if (result.getOutcome() == Outcome.OUTCOME_REJECTED) {
          result
              .getViolationsList()
              .forEach(violation ->
                  client
                      .terminal()
                      .err()
                      .println(
                          "line "
                              + line
                              + ": rejected: "
                              + violation.getField()
                              + " "
                              + violation.getDescription()));
        }
      }
      answered.addAndGet(response.getResultsCount());
      window.release(response.getResultsCount());
    }

    @Override
    public void onError(Throwable failure) {
      ended.completeExceptionally(failure);
      free();
    }

    @Override
    public void onCompleted() {
      ended.complete(null);
      free();
    }

    /** Whoever waits to send need not wait any more. */
    private void free() {
      ready.release();
      window.release(WINDOW);
    }
  }
}
