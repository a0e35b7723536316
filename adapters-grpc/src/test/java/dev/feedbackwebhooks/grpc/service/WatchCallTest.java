package dev.feedbackwebhooks.grpc.service;

import static dev.feedbackwebhooks.domain.testing.Samples.NOW;
import static dev.feedbackwebhooks.domain.testing.Samples.SCOPE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.delivery.DeliveryFilter;
import dev.feedbackwebhooks.domain.delivery.DeliveryQueue;
import dev.feedbackwebhooks.domain.testing.InMemoryDeliveries;
import dev.feedbackwebhooks.domain.testing.InMemoryStore;
import dev.feedbackwebhooks.domain.testing.Samples;
import dev.feedbackwebhooks.domain.testing.SettableClock;
import dev.feedbackwebhooks.domain.watch.DeliveryWatches;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchCallTest {
  private static final String CURSOR_ONLY = "";

  private final SettableClock clock = new SettableClock(NOW);
  private final InMemoryDeliveries deliveries = new InMemoryDeliveries(new InMemoryStore());
  private final DeliveryWatches watches = new DeliveryWatches(deliveries.changes());
  private final FakeCaller caller = new FakeCaller();
  private final WatchCall<String> call =
      new WatchCall<>(
          new WatchCall.Request(SCOPE, DeliveryFilter.ALL, null),
          caller,
          (_, delivery, _) -> delivery == null ? CURSOR_ONLY : delivery.subject().eventId(),
          clock);
  private final Thread thread = Thread.ofVirtual().unstarted(() -> call.run(watches));

  @BeforeEach
  void begin() throws Exception {
    call.start();
    thread.start();
    assertThat(caller.next()).isEqualTo(CURSOR_ONLY);
  }

  @AfterEach
  void theCallerGoes() throws Exception {
    caller.cancel();
    assertThat(thread.join(Duration.ofMinutes(2))).isTrue();
    assertThat(caller.told).isEmpty();
  }

  @Test
  void whoHearsNothingGetsACursorNowAndThen() throws Exception {
    clock.advance(Duration.ofSeconds(15));
    assertThat(caller.next()).isEqualTo(CURSOR_ONLY);
    enqueue(1);
    assertThat(caller.next()).isEqualTo("e-1");
    clock.advance(Duration.ofSeconds(14));
    enqueue(2);
    assertThat(caller.next()).as("it heard something").isEqualTo("e-2");
  }

  @Test
  void whoReadsSlowlyIsWaitedFor() throws Exception {
    caller.ready(false);
    enqueue(1);
    enqueue(2);
    assertThat(caller.told).isEmpty();
    caller.ready(true);
    assertThat(caller.next()).isEqualTo("e-1");
    assertThat(caller.next()).isEqualTo("e-2");
  }

  @Test
  void whoIsGoneWhileItIsWaitedForIsNotWaitedForAnyLonger() {
    caller.ready(false);
    enqueue(1);
  }

  private void enqueue(long id) {
    var entry = new DeliveryQueue.Entry(Samples.delivery(SCOPE, id, "e-" + id), null, NOW);
    var _ = deliveries.enqueue(List.of(entry));
  }

  /** A caller that may be slow, and may go. */
  private static final class FakeCaller extends ServerCallStreamObserver<String> {
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private volatile boolean ready = true;
    private volatile boolean cancelled;
    private Runnable onReady = () -> {};
    private Runnable onCancel = () -> {};

    @Nullable String next() throws InterruptedException {
      return told.poll(2, TimeUnit.MINUTES);
    }

    void ready(boolean whether) {
      ready = whether;
      if (whether) {
        onReady.run();
      }
    }

    void cancel() {
      cancelled = true;
      onCancel.run();
    }

    @Override
    public void onNext(String message) {
      told.add(message);
    }

    @Override
    public boolean isReady() {
      return ready;
    }

    @Override
    public boolean isCancelled() {
      return cancelled;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {
      onCancel = handler;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {
      onReady = handler;
    }

    @Override
    public void request(int count) {}

    @Override
    public void setCompression(String compression) {}

    @Override
    public void setMessageCompression(boolean enable) {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void onError(Throwable failure) {
      told.add(failure.toString());
    }

    @Override
    public void onCompleted() {}
  }
}
