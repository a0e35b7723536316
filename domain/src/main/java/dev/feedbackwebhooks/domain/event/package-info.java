/** Feedback events: immutable facts, and the decision what becomes of each. */
@NullMarked
package dev.feedbackwebhooks.domain.event;

import org.jspecify.annotations.NullMarked;
