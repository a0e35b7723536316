package dev.feedbackwebhooks.app.journey;

import static dev.feedbackwebhooks.app.journey.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.proto.v1.StreamFeedbackRequest;
import dev.feedbackwebhooks.proto.v1.StreamFeedbackResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlowControlTest {
  /** What both sides' buffers may hold, and some. */
  private static final int MOST_UNREAD = 30_000;

  @TempDir Path directory;

  /** A client that sends whenever it may, and reads results only when it is told to. */
  private static final class DeafClient
      implements ClientResponseObserver<StreamFeedbackRequest, StreamFeedbackResponse> {
    final AtomicInteger sent = new AtomicInteger();
    final AtomicInteger results = new AtomicInteger();
    final CompletableFuture<Void> ended = new CompletableFuture<>();
    @Nullable ClientCallStreamObserver<StreamFeedbackRequest> requests;

    @Override
    public void beforeStart(ClientCallStreamObserver<StreamFeedbackRequest> stream) {
      requests = stream;
      stream.disableAutoRequestWithInitial(0);
      stream.setOnReadyHandler(() -> send(stream));
    }

    private void send(ClientCallStreamObserver<StreamFeedbackRequest> stream) {
      while (stream.isReady() && sent.get() < 2 * MOST_UNREAD) {
        stream.onNext(
            StreamFeedbackRequest.newBuilder()
                .addEvents(Api.event("e".repeat(120) + sent.getAndIncrement()))
                .build());
      }
    }

    @Override
    public void onNext(StreamFeedbackResponse response) {
      results.addAndGet(response.getResultsCount());
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

  @Test
  void whoReadsNoResultsIsHeldAndLosesNone() throws Exception {
    try (Endpoint endpoint = Endpoint.start(directory);
        RunningServer server = RunningServer.start(directory, endpoint)) {
      Api api = new Api(server);
      DeafClient client = new DeafClient();
      var _ = api.streams.streamFeedback(client);
      await().until(() -> standsStill(client.sent));
      int held = client.sent.get();
      assertThat(held).isBetween(1, MOST_UNREAD);

      ClientCallStreamObserver<StreamFeedbackRequest> requests =
          Objects.requireNonNull(client.requests);
      requests.request(Integer.MAX_VALUE);
      await().until(() -> client.sent.get() == 2 * MOST_UNREAD);
      requests.onCompleted();
      var _ = Patience.result(client.ended);
      assertThat(client.results.get()).isEqualTo(2 * MOST_UNREAD);
    }
  }

  private static boolean standsStill(AtomicInteger count) throws InterruptedException {
    int before = count.get();
    // Nothing to wait for: that nothing happens is what is to be seen.
    TimeUnit.SECONDS.sleep(1);
    return before > 0 && count.get() == before;
  }
}
