/** Watching deliveries as they change. */
@NullMarked
package dev.feedbackwebhooks.domain.watch;

import org.jspecify.annotations.NullMarked;
