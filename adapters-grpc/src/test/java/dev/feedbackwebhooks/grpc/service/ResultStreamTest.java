package dev.feedbackwebhooks.grpc.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.fault.Fault;
import dev.feedbackwebhooks.domain.fault.Reason;
import dev.feedbackwebhooks.grpc.call.InboundBudget;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ResultStreamTest {
  private final FakeCaller caller = new FakeCaller();
  private final ResultStream<String, List<String>> results =
      new ResultStream<>(
          caller, List::copyOf, String::length, new InboundBudget(1 << 20, 1 << 20), Runnable::run);

  private static Fault stopping() {
    return new Fault.Unavailable(Reason.SHUTTING_DOWN, "call again", Duration.ofSeconds(1));
  }

  @Test
  void theNextRequestIsReadBeforeTheOneAtHandIsStored() {
    results.start();
    assertThat(caller.requested).isEqualTo(1);
    results.add(1, 10, CompletableFuture::new);
    results.add(1, 10, CompletableFuture::new);
    assertThat(caller.requested).as("they are to share a commit").isEqualTo(3);
  }

  @Test
  void noMoreIsReadWhileTooMuchIsUnanswered() {
    results.start();
    CompletableFuture<Supplier<List<String>>> stored = new CompletableFuture<>();
    results.add(5_000, 10, () -> stored);
    assertThat(caller.requested).isEqualTo(1);
    stored.complete(() -> Collections.nCopies(5_000, "ok"));
    assertThat(caller.requested).isEqualTo(2);
    assertThat(caller.sent).isEqualTo(5_000);
  }

  @Test
  void aBugInAnAnswerEndsTheStreamWithAnError() {
    results.start();
    results.add(
        1,
        10,
        () ->
            CompletableFuture.completedFuture(() -> {
              throw Status.INTERNAL.asRuntimeException();
            }));
    results.end();
    assertThat(caller.failed).isTrue();
  }

  @Test
  void aStreamThatIsStoppedEndsOnceWhatItIsOwedIsSent() {
    results.start();
    CompletableFuture<Supplier<List<String>>> stored = new CompletableFuture<>();
    results.add(2, 10, () -> stored);
    results.stop(stopping());
    results.add(
        1,
        10,
        () -> {
          throw new AssertionError("nothing is taken any more");
        });
    assertThat(caller.failed).isFalse();
    stored.complete(() -> List.of("a", "b"));
    assertThat(caller.sent).isEqualTo(2);
    assertThat(caller.failed).isTrue();
    assertThat(caller.requested).isEqualTo(2);
  }

  /** Taking may last: what is looked up may have to come from the database. */
  @Test
  void aStreamThatIsStoppedWhileItTakesOwesThatAnswerToo() {
    results.start();
    CompletableFuture<Supplier<List<String>>> stored = new CompletableFuture<>();
    results.add(
        1,
        10,
        () -> {
          results.stop(stopping());
          return stored;
        });
    assertThat(caller.failed).isFalse();
    stored.complete(() -> List.of("a"));
    assertThat(caller.sent).isEqualTo(1);
    assertThat(caller.failed).isTrue();
  }

  /** A caller that takes everything. */
  private static final class FakeCaller extends ServerCallStreamObserver<List<String>> {
    int requested;
    int sent;
    boolean failed;

    @Override
    public void request(int count) {
      requested += count;
    }

    @Override
    public void onNext(List<String> answers) {
      sent += answers.size();
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public boolean isCancelled() {
      return false;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {}

    @Override
    public void setOnReadyHandler(Runnable handler) {}

    @Override
    public void setCompression(String compression) {}

    @Override
    public void setMessageCompression(boolean enable) {}

    @Override
    public void disableAutoRequest() {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void onError(Throwable failure) {
      failed = true;
    }

    @Override
    public void onCompleted() {}
  }
}
