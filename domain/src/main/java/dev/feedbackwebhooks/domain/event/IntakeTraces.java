package dev.feedbackwebhooks.domain.event;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Records what is done about events that are traced. Must be quick and must not throw. */
public interface IntakeTraces {
  /** Records nothing; events keep the traces that they came with. */
  IntakeTraces NONE = (events, take) -> take.apply(events);

  /**
   * Takes events in, and records how that went.
   *
   * @param take what is recorded; gets the events, each in the trace that it belongs to
   * @return what {@code take} answered
   */
  CompletionStage<List<IntakeOutcome>> taking(
      List<FeedbackEvent> events,
      Function<List<FeedbackEvent>, CompletionStage<List<IntakeOutcome>>> take);
}
