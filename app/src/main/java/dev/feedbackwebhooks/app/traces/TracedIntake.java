package dev.feedbackwebhooks.app.traces;

import dev.feedbackwebhooks.domain.delivery.Delivery;
import dev.feedbackwebhooks.domain.event.FeedbackEvent;
import dev.feedbackwebhooks.domain.event.IntakeOutcome;
import dev.feedbackwebhooks.domain.event.IntakeTraces;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A span for each event that is traced, from its arrival to the commit. An event that came without
 * a trace may begin one here, as often as the settings say.
 */
final class TracedIntake implements IntakeTraces {
  static final AttributeKey<String> DELIVERY = AttributeKey.stringKey("feedback_webhooks.delivery");
  private static final AttributeKey<String> OUTCOME =
      AttributeKey.stringKey("feedback_webhooks.outcome");
  private static final AttributeKey<String> REASON =
      AttributeKey.stringKey("feedback_webhooks.skip_reason");

  private final Tracer tracer;

  TracedIntake(Tracer tracer) {
    this.tracer = tracer;
  }

  @Override
  public CompletionStage<List<IntakeOutcome>> taking(
      List<FeedbackEvent> events,
      Function<List<FeedbackEvent>, CompletionStage<List<IntakeOutcome>>> take) {
    List<Span> spans = events.stream().map(this::begin).toList();
    List<FeedbackEvent> traced = new ArrayList<>(events.size());
    for (int i = 0; i < events.size(); i++) {
      FeedbackEvent event = events.get(i);
      Span span = spans.get(i);
      boolean begins = event.trace() == null && span.getSpanContext().isSampled();
      traced.add(begins ? event.in(TraceContexts.at(span)) : event);
    }
    return take.apply(traced).whenComplete((outcomes, _) -> end(events, spans, outcomes));
  }

  private Span begin(FeedbackEvent event) {
    return tracer
        .spanBuilder("ingest")
        .setParent(TraceContexts.under(event.trace()))
        .setSpanKind(SpanKind.SERVER)
        .startSpan();
  }

  private static void end(
      List<FeedbackEvent> events, List<Span> spans, @Nullable List<IntakeOutcome> outcomes) {
    for (int i = 0; i < spans.size(); i++) {
      Span span = spans.get(i);
      if (outcomes == null) {
        span.setStatus(StatusCode.ERROR);
      } else if (span.isRecording()) {
        describe(span, events.get(i), outcomes.get(i));
      }
      span.end();
    }
  }

  private static void describe(Span span, FeedbackEvent event, IntakeOutcome outcome) {
    switch (outcome) {
      case IntakeOutcome.Accepted(var id) ->
          span.setAttribute(OUTCOME, "accepted")
              .setAttribute(DELIVERY, Delivery.name(event.scope(), id));
      case IntakeOutcome.Duplicate(var id) ->
          span.setAttribute(OUTCOME, "duplicate")
              .setAttribute(DELIVERY, Delivery.name(event.scope(), id));
      case IntakeOutcome.Skipped(var reason) ->
          span.setAttribute(OUTCOME, "skipped")
              .setAttribute(REASON, reason.name().toLowerCase(Locale.ROOT));
      case IntakeOutcome.Rejected _ -> span.setAttribute(OUTCOME, "rejected");
    }
  }
}
