package dev.feedbackwebhooks.app.traces;

import dev.feedbackwebhooks.domain.delivery.TraceParent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;

/** Traceparents (W3C Trace Context) of spans, and spans of traceparents. */
final class TraceContexts {
  private TraceContexts() {}

  /** The context that a span begins in: a new trace where it has no parent. */
  static Context under(@Nullable TraceParent parent) {
    return parent == null
        ? Context.root()
        : Context.root()
            .with(
                Span.wrap(
                    SpanContext.createFromRemoteParent(
                        parent.traceId(),
                        parent.spanId(),
                        parent.sampled() ? TraceFlags.getSampled() : TraceFlags.getDefault(),
                        TraceState.getDefault())));
  }

  /** What is done within a span has this as its parent. */
  static TraceParent at(Span span) {
    SpanContext context = span.getSpanContext();
    return new TraceParent(
        "00-"
            + context.getTraceId()
            + "-"
            + context.getSpanId()
            + "-"
            + context.getTraceFlags().asHex());
  }
}
