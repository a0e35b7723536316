/** Traces, which what is done about an event may belong to. */
@NullMarked
package dev.feedbackwebhooks.domain.trace;

import org.jspecify.annotations.NullMarked;
