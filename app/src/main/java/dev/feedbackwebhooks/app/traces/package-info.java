/** OpenTelemetry traces. */
@NullMarked
package dev.feedbackwebhooks.app.traces;

import org.jspecify.annotations.NullMarked;
