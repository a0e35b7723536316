package broken.metricshaveonehome.sender;

import io.micrometer.core.instrument.MeterRegistry;

/** Breaks the rule that it is named after. */
record Bad(MeterRegistry metrics) {}
