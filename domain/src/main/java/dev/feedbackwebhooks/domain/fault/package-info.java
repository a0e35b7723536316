/** Refusals to a caller, each with a stable reason. */
@NullMarked
package dev.feedbackwebhooks.domain.fault;

import org.jspecify.annotations.NullMarked;
