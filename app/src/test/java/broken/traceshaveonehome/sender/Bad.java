package broken.traceshaveonehome.sender;

import io.opentelemetry.api.trace.Tracer;

/** Breaks the rule that it is named after. */
record Bad(Tracer tracer) {}
