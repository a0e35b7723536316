package dev.feedbackwebhooks.domain.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.feedbackwebhooks.domain.attempt.AttemptFailure;
import dev.feedbackwebhooks.domain.attempt.AttemptResult;
import dev.feedbackwebhooks.domain.config.Scope;
import dev.feedbackwebhooks.domain.delivery.MessageKey;
import dev.feedbackwebhooks.domain.delivery.MessageOrder;
import dev.feedbackwebhooks.domain.delivery.NewDelivery;
import dev.feedbackwebhooks.domain.testing.Samples;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The final status of a message goes out after its "sent", and holds up nothing else. */
class OrderEngineTest {
  private static final Scope A = new Scope("o", "a");
  private static final AttemptResult OK = new AttemptResult.Accepted(204);
  private static final AttemptResult BUSY =
      new AttemptResult.Retryable(AttemptFailure.HTTP_STATUS, 503, null, "HTTP 503");
  private static final Duration WAIT = Duration.ofSeconds(30);

  /** Four requests at a time. */
  private final EngineHarness t = new EngineHarness();

  @BeforeEach
  void configuration() {
    t.config(A);
  }

  @Test
  void aFinalStatusGoesOutAsSoonAsSentIsOver() {
    take(last("m-1"), sent("m-1"));
    assertThat(requested()).containsExactly("sent m-1");
    t.answer(OK);
    assertThat(requested()).as("at once, not at the next tick").containsExactly("last m-1");
    t.answer(OK);
    t.after(Duration.ofMinutes(2));
    assertThat(t.sent).isEmpty();
    assertThat(t.engine.idle()).isTrue();
  }

  @Test
  void aFinalStatusWhoseSentIsOverDoesNotWait() {
    take(sent("m-1"));
    t.answer(OK);
    take(last("m-1"));
    assertThat(requested()).containsExactly("last m-1");
  }

  @Test
  void aSentThatNeverComesIsWaitedForForABoundedTime() {
    take(last("m-1"));
    t.after(WAIT.minusMillis(1));
    assertThat(t.sent).isEmpty();
    t.after(Duration.ofMillis(1));
    assertThat(requested()).containsExactly("last m-1");
  }

  @Test
  void aSentThatIsRetriedIsWaitedForForABoundedTime() {
    take(sent("m-1"), last("m-1"));
    t.answer(BUSY);
    t.after(Duration.ofSeconds(5));
    t.answer(BUSY);
    assertThat(t.sent).isEmpty();
    t.after(Duration.ofSeconds(25));
    assertThat(requested()).containsExactly("last m-1");
  }

  @Test
  void whatWaitsTakesNobodysPlace() {
    IntStream.range(0, 100).forEach(i -> take(last("w-" + i)));
    assertThat(t.sent).isEmpty();
    assertThat(t.engine.memoryTaken()).isZero();
    take(sent("m-1"), sent("m-2"), last("m-2"));
    assertThat(requested()).containsExactly("sent m-1", "sent m-2");
    t.answer(OK);
    t.answer(OK);
    assertThat(requested()).containsExactly("last m-2");
  }

  private record Event(String text, MessageOrder turn) {}

  private static Event sent(String message) {
    return new Event("sent " + message, new MessageOrder.First(MessageKey.of(List.of(message))));
  }

  private static Event last(String message) {
    return new Event(
        "last " + message, new MessageOrder.After(MessageKey.of(List.of(message)), WAIT));
  }

  private void take(Event... events) {
    List<NewDelivery> deliveries =
        Arrays.stream(events)
            .map(event ->
                new NewDelivery(
                    t.engine.nextId(),
                    A,
                    Samples.config().id(),
                    Samples.subject(event.text()),
                    event.turn(),
                    List.of(),
                    Samples.payload(event.text())))
            .toList();
    var _ = t.engine.enqueue(deliveries);
    t.mailbox.runAll();
  }

  private List<String> requested() {
    return t.sent.stream()
        .map(request -> new String(request.post().payload().bytes(), UTF_8))
        .map(body -> body.replaceAll(".*:\"|\"}", ""))
        .toList();
  }
}
