/** Metrics. */
@NullMarked
package dev.feedbackwebhooks.app.metrics;

import org.jspecify.annotations.NullMarked;
